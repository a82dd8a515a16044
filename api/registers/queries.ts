import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { money } from '../../domain/money';
import type { RegisterReport } from '../../domain/till';
import type { Tx } from '../../store/db';
import {
  findRegister,
  findSession,
  listRegisters as readRegisters,
  listSessions as readSessions,
  listSessionsOfSites as readSessionsOfSites,
  lockOpenSession,
  type RegisterRecord,
  type SessionRecord,
} from '../../store/registers';
import { currencyOf } from '../../store/tenants';
import { pageOf, readCursor, writeCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';
import { visibleSite } from '../sites/queries';
import { reportOf, sessionView } from './report';
import type { RegisterView, SessionDetail, SessionSummary } from './schemas';

/** The registers of a site, or of all sites that the actor may see, with who works at them. @throws NervioError not_found */
export async function listRegisters(
  deps: ApiDeps,
  actor: Actor,
  query: { siteId?: string },
): Promise<{ items: RegisterView[]; nextCursor: null }> {
  requirePermission(actor, 'sales.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    if (query.siteId !== undefined) await visibleSite(tx, actor, query.siteId);
    const registers = await readRegisters(tx, query.siteId === undefined ? actor.siteIds : [query.siteId]);
    const currency = await currencyOf(tx);
    const items = registers.map(({ id, name, siteId, session }) => ({
      id,
      name,
      siteId,
      session: session && {
        id: session.id,
        openedAt: session.openedAt.toISOString(),
        openedBy: session.openedBy,
        float: money(session.openingFloat, currency),
      },
    }));
    return { items, nextCursor: null };
  });
}

/** The X report of the open session. @throws NervioError not_found, register_closed */
export async function reportRegister(deps: ApiDeps, actor: Actor, id: string): Promise<RegisterReport> {
  requirePermission(actor, 'sales.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const register = await visibleRegister(tx, actor, id);
    const open = await lockOpenSession(tx, register.id, 'use');
    if (open === null) throw new NervioError('register_closed', { register: register.name });
    return reportOf(tx, (await findSession(tx, open))!, await currencyOf(tx));
  });
}

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The sessions of a register, newest first. @throws NervioError not_found */
export async function listSessions(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  query: { cursor?: string; limit?: number },
): Promise<{ items: SessionSummary[]; nextCursor: string | null }> {
  requirePermission(actor, 'sales.read');
  const limit = query.limit ?? 50;
  const [place, last] = query.cursor === undefined ? [] : readCursor(query.cursor, [instant, uuid]);
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const register = await visibleRegister(tx, actor, id);
    const before = place === undefined || last === undefined ? {} : { before: { place, id: last } };
    const sessions = await readSessions(tx, register.id, { ...before, limit: limit + 1 });
    const page = pageOf(sessions, limit, (one) => writeCursor(one.place, one.id));
    const currency = await currencyOf(tx);
    return { items: page.items.map((one) => summaryOf(one, currency)), nextCursor: page.nextCursor };
  });
}

/** The sessions of the registers that the actor may see, newest first. @throws NervioError not_found */
export async function listSessionsOfSites(
  deps: ApiDeps,
  actor: Actor,
  query: { siteId?: string; registerId?: string; cursor?: string; limit?: number },
): Promise<{ items: SessionSummary[]; nextCursor: string | null }> {
  requirePermission(actor, 'sales.read');
  const { siteId, registerId, cursor, limit = 50 } = query;
  const [place, last] = cursor === undefined ? [] : readCursor(cursor, [instant, uuid]);
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    if (siteId !== undefined) await visibleSite(tx, actor, siteId);
    if (registerId !== undefined) await visibleRegister(tx, actor, registerId);
    const sessions = await readSessionsOfSites(tx, {
      siteIds: siteId === undefined ? actor.siteIds : [siteId],
      ...(registerId !== undefined && { registerId }),
      ...(place !== undefined && last !== undefined && { before: { place, id: last } }),
      limit: limit + 1,
    });
    const page = pageOf(sessions, limit, (one) => writeCursor(one.place, one.id));
    const currency = await currencyOf(tx);
    return { items: page.items.map((one) => summaryOf(one, currency)), nextCursor: page.nextCursor };
  });
}

/** A session with its report: the stored Z report, or of an open one what it has so far. @throws NervioError not_found */
export async function getSession(deps: ApiDeps, actor: Actor, id: string): Promise<SessionDetail> {
  requirePermission(actor, 'sales.read');
  return deps.db.withTenant(actor.tenantId, async (tx) => {
    const session = await findSession(tx, id);
    if (session === null || !seesSite(actor, session.site.id)) throw new NervioError('not_found');
    const currency = await currencyOf(tx);
    const report = (session.report as RegisterReport | null) ?? (await reportOf(tx, session, currency));
    return { ...summaryOf(session, currency), report };
  });
}

function summaryOf(session: SessionRecord, currency: string): SessionSummary {
  const { expected, counted } = session;
  return {
    ...sessionView(session),
    float: money(session.openingFloat, currency),
    expected: expected === null ? null : money(expected, currency),
    counted: counted === null ? null : money(counted, currency),
    difference: expected === null || counted === null ? null : money(counted - expected, currency),
  };
}

/** @throws NervioError not_found, also for a register of a site that the actor may not see */
export async function visibleRegister(tx: Tx, actor: Actor, id: string): Promise<RegisterRecord> {
  const register = await findRegister(tx, id);
  if (register === null || !seesSite(actor, register.siteId)) throw new NervioError('not_found');
  return register;
}
