import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { audit } from '../../store/audit';
import {
  createSession,
  readSession,
  revokeSession,
  type Rotation,
  type SessionView,
  useRefreshToken,
} from '../../store/sessions';
import { readPasswordHash } from '../../store/users';
import type { ApiDeps } from '../deps';
import { type Me, meOf } from '../me/queries';
import { signAccessToken } from './access-token';
import { checkPassword } from '../../store/passwords';
import { hashRefreshToken } from './refresh-token';
import { actorOf, requireLive } from './sessions';

/** What a log-in or a refresh gives. The refresh token goes into a cookie or to the device, and nowhere else. */
export interface IssuedSession {
  accessToken: string;
  expiresAt: Date;
  refreshToken: string;
  user: Me;
  actor: Actor;
}

/** How the client names itself; the same device keeps the same name. */
export interface Client {
  userAgent: string | undefined;
  requestId?: string;
}

/** A lost answer may be fetched again by the same device for this long (reliability.md). */
const graceSeconds = 30;
const failureWindowMs = 5 * 60_000;
const deviceOf = (client: Client) => client.userAgent?.slice(0, 200) ?? null;

/**
 * AUTH-01. Every attempt counts against the e-mail until one succeeds, so that guesses at once do not slip through. One whose password
 * nobody could look at is no failure of who typed it: they would be locked out by a database that was gone for a moment.
 * @throws NervioError wrong_credentials, rate_limited
 */
export async function login(
  deps: ApiDeps,
  input: { email: string; password: string },
  client: Client,
): Promise<IssuedSession> {
  const email = input.email.trim().toLowerCase();
  const key = createHash('sha256').update(email).digest('base64url');
  const { count, ttlMs, takeBack } = await deps.loginFailures.hit(key, failureWindowMs);
  if (count > deps.config.limits.loginFailures) throw new NervioError('rate_limited', {}, { retryAfterMs: ttlMs });
  try {
    const session = await openSession(deps, email, input.password, client);
    await deps.loginFailures.clear(key);
    return session;
  } catch (error) {
    if (!(error instanceof NervioError && error.code === 'wrong_credentials')) await takeBack();
    throw error;
  }
}

async function openSession(deps: ApiDeps, email: string, password: string, client: Client): Promise<IssuedSession> {
  const found = await deps.db.definer.findUserByEmail(email);
  const stored = found && (await deps.db.withTenant(found.tenantId, (tx) => readPasswordHash(tx, found.userId)));
  const right = await checkPassword(stored, password);
  if (!found || !right) {
    deps.log.warn({ reqId: client.requestId, known: found !== null }, 'log-in refused');
    throw new NervioError('wrong_credentials');
  }

  const refreshToken = deps.refreshTokens.issue();
  const sessionId = uuidv7();
  const view = await deps.db.withTenant(found.tenantId, async (tx) => {
    await createSession(tx, {
      id: sessionId,
      userId: found.userId,
      device: deviceOf(client),
      tokenId: uuidv7(),
      refreshHash: hashRefreshToken(refreshToken),
    });
    const fresh = await readSession(tx, sessionId);
    // Someone without access is told no more than someone with a wrong password.
    if (!fresh?.user.active || !fresh.tenantActive) throw new NervioError('wrong_credentials');
    await audit(tx, actorWith(found.tenantId, fresh, client), {
      action: 'session.opened',
      entityType: 'session',
      entityId: sessionId,
      after: { device: deviceOf(client) },
    });
    return fresh;
  });
  return issue(deps, found.tenantId, view, refreshToken, client);
}

/**
 * Exchanges a refresh token for the next one. One that was used before means a lost answer (the same device, within
 * 30 s: the same successor again) or a copy in other hands (the session ends).
 * @throws NervioError session_ended
 */
export async function refresh(deps: ApiDeps, token: string, client: Client): Promise<IssuedSession> {
  const found = deps.refreshTokens.isOurs(token)
    ? await deps.db.definer.findRefreshToken(hashRefreshToken(token))
    : null;
  if (found === null) throw new NervioError('session_ended');
  const { tenantId, tokenId, sessionId } = found;
  const successor = deps.refreshTokens.successor(token);
  const { view, rotation } = await deps.db.withTenant(tenantId, async (tx) => {
    const seen = requireLive(await readSession(tx, sessionId), deps.config.session);
    const used = await useRefreshToken(tx, {
      id: tokenId,
      sessionId,
      successorId: uuidv7(),
      successorHash: hashRefreshToken(successor),
      graceSeconds,
    });
    const outcome: Rotation = used === 'repeated' && seen.device !== deviceOf(client) ? 'reused' : used;
    if (outcome === 'reused') {
      // Returned, not thrown: the end of the session has to be committed.
      await revokeSession(tx, sessionId, 'refresh_reused');
      await audit(tx, actorWith(tenantId, seen, client), {
        action: 'session.revoked',
        entityType: 'session',
        entityId: sessionId,
        after: { reason: 'refresh_reused' },
      });
    }
    return { view: seen, rotation: outcome };
  });
  if (rotation === 'reused') {
    deps.sessions.forget(sessionId);
    deps.log.warn({ reqId: client.requestId, sessionId }, 'refresh token reused; session ended');
    throw new NervioError('session_ended');
  }
  return issue(deps, tenantId, view, successor, client);
}

/** Ends the session; its tokens are worth nothing within seconds. Safe to repeat. */
export async function logout(deps: ApiDeps, actor: Actor): Promise<void> {
  await deps.db.withTenant(actor.tenantId, async (tx) => {
    await revokeSession(tx, actor.sessionId, 'logout');
    await audit(tx, actor, { action: 'session.closed', entityType: 'session', entityId: actor.sessionId });
  });
  deps.sessions.forget(actor.sessionId);
}

const actorWith = (tenantId: string, view: SessionView, client: Client): Actor => ({
  ...actorOf(tenantId, view),
  ...(client.requestId !== undefined && { requestId: client.requestId }),
});

async function issue(
  deps: ApiDeps,
  tenantId: string,
  view: SessionView,
  refreshToken: string,
  client: Client,
): Promise<IssuedSession> {
  const actor = actorWith(tenantId, view, client);
  const expiresAt = new Date((Math.floor(Date.now() / 1000) + deps.config.session.accessSeconds) * 1000);
  const accessToken = await signAccessToken(
    deps.accessKey,
    { sub: actor.userId, tenantId, role: actor.role, sid: actor.sessionId, sites: actor.siteIds },
    expiresAt,
  );
  return { accessToken, expiresAt, refreshToken, user: await meOf(deps, actor), actor };
}
