import { v7 as uuidv7 } from 'uuid';
import { type Actor, type Permission, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { money, type Money } from '../../domain/money';
import { audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import {
  closeSession,
  findSession,
  insertCashMovement,
  insertRegister,
  lockOpenSession,
  openSession,
  storeReport,
  takeZNumber,
} from '../../store/registers';
import { knownSites } from '../../store/sites';
import { currencyOf } from '../../store/tenants';
import { type CommandAnswer, type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { priceIn } from '../products/amounts';
import { visibleRegister } from './queries';
import { reportOf } from './report';
import type { CashMovement, ClosedSession, CloseRegister, NewRegister, OpenRegister, RegisterView } from './schemas';

/** @throws NervioError unknown_site, register_name_taken */
export async function createRegister(
  deps: ApiDeps,
  actor: Actor,
  input: NewRegister,
  key: string,
): Promise<CommandResult<RegisterView>> {
  return run(deps, actor, 'registers.write', '/registers', input, key, async (tx) => {
    const siteId = input.siteId.toLowerCase();
    const known = seesSite(actor, siteId) && (await knownSites(tx, [siteId])).has(siteId);
    if (!known) throw new NervioError('unknown_site');
    const register = { id: uuidv7(), siteId, name: input.name.trim() };
    if (!(await insertRegister(tx, register))) throw new NervioError('register_name_taken');
    await audit(tx, actor, {
      action: 'register.created',
      entityType: 'register',
      entityId: register.id,
      after: { siteId, name: register.name },
    });
    return { status: 201, body: { ...register, session: null } };
  });
}

/** @throws NervioError not_found, register_open, wrong_currency */
export async function openRegister(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: OpenRegister,
  key: string,
): Promise<CommandResult<{ sessionId: string }>> {
  return run(deps, actor, 'registers.operate', `/registers/${id}/open`, input, key, async (tx) => {
    const register = await visibleRegister(tx, actor, id);
    const openingFloat = priceIn(await currencyOf(tx), input.float);
    const session = { id: uuidv7(), registerId: register.id, openingFloat, openedBy: actor.userId };
    if (!(await openSession(tx, session))) throw new NervioError('register_open', { register: register.name });
    await audit(tx, actor, {
      action: 'register.opened',
      entityType: 'register',
      entityId: register.id,
      after: { sessionId: session.id, float: openingFloat },
    });
    return { status: 201, body: { sessionId: session.id } };
  });
}

/**
 * Cash that goes into the drawer (above zero) or out of it without a sale.
 * @throws NervioError not_found, register_closed, bad_amount, not_enough_cash, wrong_currency
 */
export async function moveCash(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: CashMovement,
  key: string,
): Promise<CommandResult<{ id: string; expected: Money }>> {
  return run(deps, actor, 'registers.operate', `/registers/${id}/cash`, input, key, async (tx) => {
    const register = await visibleRegister(tx, actor, id);
    const currency = await currencyOf(tx);
    const amount = priceIn(currency, input.amount);
    if (amount === 0) throw new NervioError('bad_amount');
    const sessionId = await lockOpenSession(tx, register.id, 'change');
    if (sessionId === null) throw new NervioError('register_closed', { register: register.name });
    const { cash } = await reportOf(tx, (await findSession(tx, sessionId))!, currency);
    const expected = cash.expected.amount + amount;
    if (amount < 0 && expected < 0) throw new NervioError('not_enough_cash', { available: cash.expected });
    const movement = { id: uuidv7(), sessionId, amount, reason: input.reason.trim(), createdBy: actor.userId };
    await insertCashMovement(tx, movement);
    await audit(tx, actor, {
      action: 'register.cash',
      entityType: 'register',
      entityId: register.id,
      after: { sessionId, amount, reason: movement.reason },
    });
    return { status: 201, body: { id: movement.id, expected: money(expected, currency) } };
  });
}

/**
 * The Z report: what was counted against what should be there. Waits for sales under way; none comes after it.
 * @throws NervioError not_found, register_closed, wrong_currency
 */
export async function closeRegister(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: CloseRegister,
  key: string,
): Promise<CommandResult<ClosedSession>> {
  return run(deps, actor, 'registers.operate', `/registers/${id}/close`, input, key, async (tx) => {
    const register = await visibleRegister(tx, actor, id);
    const currency = await currencyOf(tx);
    const counted = priceIn(currency, input.counted);
    const sessionId = await lockOpenSession(tx, register.id, 'close');
    if (sessionId === null) throw new NervioError('register_closed', { register: register.name });
    const { cash } = await reportOf(tx, (await findSession(tx, sessionId))!, currency);
    const expected = cash.expected.amount;
    const zNumber = await takeZNumber(tx, register.id);
    const note = input.note?.trim() ?? null;
    await closeSession(tx, sessionId, { expected, counted, zNumber, closedBy: actor.userId, note });
    const report = await reportOf(tx, (await findSession(tx, sessionId))!, currency);
    await storeReport(tx, sessionId, report);
    await audit(tx, actor, {
      action: 'register.closed',
      entityType: 'register',
      entityId: register.id,
      after: { sessionId, zNumber, expected, counted, difference: counted - expected, note },
    });
    return {
      status: 200,
      body: {
        sessionId,
        zNumber,
        expected: money(expected, currency),
        counted: money(counted, currency),
        difference: money(counted - expected, currency),
        report,
      },
    };
  });
}

function run<Body>(
  deps: ApiDeps,
  actor: Actor,
  permission: Permission,
  path: string,
  body: unknown,
  key: string,
  handle: (tx: Tx) => Promise<CommandAnswer<Body>>,
): Promise<CommandResult<Body>> {
  return runCommand(deps, { actor, permission, key, method: 'POST', path: `/api/v1${path}`, body }, handle);
}
