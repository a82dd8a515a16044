import { randomUUID } from 'node:crypto';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../api/app';
import { createDeps } from '../../api/create-deps';
import type { ApiDeps } from '../../api/deps';
import { createLog } from '../../store/log';
import type { WebBuild } from '../../api/plugins/web';
import { createBusiness, type TestBusiness, testPassword } from './business';
import { createTestDatabase, type TestDatabase } from './database';
import { testConfig } from './environment';
import { eventually } from './eventually';

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
  /** @param last asked of the database when nobody is connected to it any more */
  close(last?: () => Promise<void>): Promise<void>;
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
  const release = async (last?: () => Promise<void>): Promise<void> => {
    await made.close();
    await last?.().catch(async (error: unknown) => {
      await database.drop();
      throw error;
    });
    await database.drop();
  };
  const app = await start(deps, options).catch(async (error: unknown) => {
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
    async close(last) {
      await app.close();
      await release(last);
    },
  };
}

async function start(deps: ApiDeps, { environment, web = null }: TestAppOptions): Promise<FastifyInstance> {
  // Until its connection is there each process counts and caches by itself. A test that wants no Redis names another.
  if (environment?.['REDIS_URL'] === undefined) {
    await eventually(
      () => deps.redis.status,
      (status) => status === 'ready',
    );
  }
  const app = await buildApp({ deps, web });
  await app.ready();
  return app;
}
