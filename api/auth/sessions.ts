import type { Actor } from '../../domain/access';
import type { Config } from '../../domain/config';
import { NervioError } from '../../domain/errors';
import type { HotPath } from '../../store/hot-path';
import { readSessions, type SessionView, touchSessions } from '../../store/sessions';
import { createBatcher } from '../batcher';
import { createTimeLimit } from '../time-limit';

/**
 * Who a session is, as the database says now or said a few seconds ago. A disabled user, a changed role and a revoked
 * session take effect within `freshMs`, on every replica, without a question to the database per request.
 */
export interface SessionDirectory {
  /**
   * @param background the request is a machine's (live feed, status poll): it does not keep the session awake (AUTH-07)
   * @throws NervioError session_ended
   */
  actor(tenantId: string, sessionId: string, background?: boolean): Promise<Actor>;
  /** This replica looks again at once. */
  forget(sessionId: string): void;
  /** The same of every session of a user. */
  forgetUser(userId: string): void;
}

const freshMs = 5_000;
/** The use of a session is written down this often. */
const touchSeconds = 60;
const maxEntries = 20_000;
/** Sessions that are looked up together. */
const mostTogether = 500;
/** Longest wait for a look. */
const answerMs = 15_000;

interface Entry {
  tenantId: string;
  at: number;
  view: Promise<SessionView | null>;
}

interface Look {
  sessionId: string;
  /** A person uses it: written down before it is read. */
  touch: boolean;
}

/** @throws NervioError session_ended when nobody may work under this session any more */
export function requireLive(view: SessionView | null, limits: Config['session']): SessionView {
  const ended =
    view === null ||
    view.revoked ||
    !view.user.active ||
    !view.tenantActive ||
    view.idleSeconds > limits.idleSeconds ||
    view.ageSeconds > limits.absoluteSeconds;
  if (ended) throw new NervioError('session_ended');
  return view;
}

export function actorOf(tenantId: string, view: SessionView): Actor {
  const { user } = view;
  return {
    tenantId,
    userId: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    siteIds: user.siteIds,
    locale: user.locale,
    sessionId: view.sessionId,
  };
}

/**
 * A thousand people at their tills are a thousand sessions, each of which is looked up every few seconds: those that are asked for at
 * once are read by one question.
 */
export function createSessionDirectory(
  hotPath: Pick<HotPath, 'withTenant'>,
  limits: Config['session'],
): SessionDirectory {
  const entries = new Map<string, Entry>();
  const unavailable = (detail: string) => new NervioError('unavailable', {}, { retryAfterMs: 1000, detail });
  const looks = createBatcher<Look, SessionView | null>({
    async run(tenantId, asked) {
      const used = asked.flatMap(({ sessionId, touch }) => (touch ? [sessionId] : []));
      const ids = asked.map(({ sessionId }) => sessionId);
      const views = await hotPath.withTenant(tenantId, async (tx) => {
        // One trip; what is read is as it was written.
        const [, read] = await Promise.all([used.length > 0 ? touchSessions(tx, used) : null, readSessions(tx, ids)]);
        return read;
      });
      return ids.map((id) => ({ result: views.get(id) ?? null }));
    },
    mostJobs: mostTogether,
    mostWeight: mostTogether,
    weightOf: () => 1,
    laneOf: ({ sessionId }) => sessionId,
    mostUnderWay: 1,
    mostWaiting: maxEntries,
    tooMany: () => unavailable('Too many sessions wait'),
  });
  const limit = createTimeLimit(answerMs, () => unavailable('The session could not be looked up in time'));

  function look(tenantId: string, sessionId: string, touch: boolean): Entry {
    const view = limit.within(looks.submit(tenantId, { sessionId, touch }));
    const entry = { tenantId, at: Date.now(), view };
    entries.delete(sessionId);
    if (entries.size >= maxEntries) entries.delete(entries.keys().next().value ?? '');
    entries.set(sessionId, entry);
    // A failed look is not remembered; whoever waits for it gets its error.
    entry.view.catch(() => entries.get(sessionId) === entry && entries.delete(sessionId));
    return entry;
  }

  return {
    async actor(tenantId, sessionId, background = false) {
      let entry = entries.get(sessionId);
      // A token of another tenant has no part in what is remembered: the database decides.
      if (entry === undefined || entry.tenantId !== tenantId || Date.now() - entry.at >= freshMs) {
        entry = look(tenantId, sessionId, false);
      }
      const view = requireLive(await entry.view, limits);
      if (!background && view.idleSeconds >= touchSeconds) {
        // Of many requests at once one says so: the others would wait for its row one after the other.
        const current = entries.get(sessionId);
        const touched =
          current !== undefined && current !== entry && current.tenantId === tenantId
            ? current
            : look(tenantId, sessionId, true);
        return actorOf(tenantId, requireLive(await touched.view, limits));
      }
      return actorOf(tenantId, view);
    },
    forget: (sessionId) => void entries.delete(sessionId),
    forgetUser(userId) {
      for (const [sessionId, entry] of entries) {
        void entry.view.then(
          (view) => view?.user.id === userId && entries.delete(sessionId),
          () => undefined,
        );
      }
    },
  };
}
