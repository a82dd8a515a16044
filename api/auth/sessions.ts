import type { Actor } from '../../domain/access';
import type { Config } from '../../domain/config';
import { NervioError } from '../../domain/errors';
import type { Database, Tx } from '../../store/db';
import { readSession, type SessionView, touchSession } from '../../store/sessions';

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

interface Entry {
  tenantId: string;
  at: number;
  view: Promise<SessionView | null>;
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

export function createSessionDirectory(db: Database, limits: Config['session']): SessionDirectory {
  const entries = new Map<string, Entry>();

  function look(tenantId: string, sessionId: string, read: (tx: Tx) => Promise<SessionView | null>): Entry {
    const entry = { tenantId, at: Date.now(), view: db.withTenant(tenantId, read) };
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
        entry = look(tenantId, sessionId, (tx) => readSession(tx, sessionId));
      }
      const view = requireLive(await entry.view, limits);
      if (!background && view.idleSeconds >= touchSeconds) {
        // Of many requests at once one says so: the others would wait for its row one after the other.
        const current = entries.get(sessionId);
        const touched =
          current !== undefined && current !== entry && current.tenantId === tenantId
            ? current
            : look(tenantId, sessionId, async (tx) => {
                await touchSession(tx, sessionId);
                return readSession(tx, sessionId);
              });
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
