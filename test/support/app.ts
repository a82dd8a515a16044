import { randomUUID } from 'node:crypto';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../api/app';
import { createDeps } from '../../api/create-deps';
import type { ApiDeps } from '../../api/deps';
import { createLog } from '../../api/log';
import type { WebBuild } from '../../api/plugins/web';
import { createBusiness, type TestBusiness, testPassword } from './business';
import { createTestDatabase, type TestDatabase } from './database';
import { testConfig } from './environment';

export interface TestApp {
  app: FastifyInstance;
  deps: ApiDeps;
  database: TestDatabase;
  /** Two businesses that must never see one another. */
  demo: TestBusiness;
  otra: TestBusiness;
  /** Headers of a logged-in user, a fresh session each time. */
  as(user: { email: string }): Promise<{ authorization: string }>;
  /** `inject` of a JSON request; commands get a fresh Idempotency-Key unless they bring one. */
  call(options: InjectOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Environment variables that differ from the tests' own. */
  environment?: Record<string, string>;
  web?: WebBuild | null;
  /** Puts stand-ins in the place of what a test cannot have. */
  adapt?: (deps: ApiDeps) => ApiDeps;
}

/** The whole API on a database of its own, without listening. */
export async function buildTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const config = testConfig(database.ownerUrl, options.environment);
  const made = await createDeps(config, createLog(config, 'test'));
  const deps = options.adapt ? options.adapt(made.deps) : made.deps;
  const release = async (): Promise<void> => {
    await made.close();
    await database.drop();
  };
  const app = await start(deps, options.web ?? null).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const [demo, otra] = [await createBusiness(database, 'demo'), await createBusiness(database, 'otra')];

  const call = (request: InjectOptions): Promise<LightMyRequestResponse> => {
    const key = request.method === 'POST' || request.method === 'PATCH' ? { 'idempotency-key': randomUUID() } : {};
    return app.inject({ ...request, headers: { ...key, ...request.headers } });
  };
  return {
    app,
    deps,
    database,
    demo,
    otra,
    call,
    async as({ email }) {
      const answer = await call({
        method: 'POST',
        url: '/api/v1/auth/login',
        payload: { email, password: testPassword },
      });
      if (answer.statusCode !== 200) throw new Error(`${email} cannot log in: ${answer.body}`);
      return { authorization: `Bearer ${answer.json<{ accessToken: string }>().accessToken}` };
    },
    async close() {
      await app.close();
      await release();
    },
  };
}

async function start(deps: ApiDeps, web: WebBuild | null): Promise<FastifyInstance> {
  const app = await buildApp({ deps, web });
  await app.ready();
  return app;
}
