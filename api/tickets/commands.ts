import { v7 as uuidv7 } from 'uuid';
import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { money } from '../../domain/money';
import { formatQuantity, isWhole, parseQuantity } from '../../domain/quantity';
import type { StockChange, StockGroup } from '../../domain/stock';
import { readSellables, type SiteSellable, siteSkuKey } from '../../store/articles';
import { audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import { findRegister } from '../../store/registers';
import { applyStock } from '../../store/stock';
import { currencyOf } from '../../store/tenants';
import {
  holdsOfTickets,
  insertTicket,
  isOver,
  type LockedTicket,
  lockTickets,
  setTicketState,
  type TicketLine,
} from '../../store/tickets';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { priceIn } from '../products/amounts';
import type { NewTicket, ParkedTicket, ResumedTicket } from './schemas';

/** So long its goods are kept for a customer who went to the cash machine. */
const ticketMs = 12 * 3_600_000;

/**
 * Puts a cart aside and holds what is in it. What is not there is not held, and said; the ticket is parked all the same.
 * @throws NervioError unknown_site, unknown_register, unknown_sku, product_withdrawn, bad_quantity, quantity_not_whole,
 *   unknown_ticket, ticket_ended, wrong_currency
 */
export async function parkTicket(
  deps: ApiDeps,
  actor: Actor,
  input: NewTicket,
  key: string,
): Promise<CommandResult<ParkedTicket>> {
  return runCommand(deps, command(actor, '/tickets', input, key), async (tx) => {
    const [siteId, registerId] = [input.siteId.toLowerCase(), input.registerId.toLowerCase()];
    if (!seesSite(actor, siteId)) throw new NervioError('unknown_site');
    if ((await findRegister(tx, registerId))?.siteId !== siteId) throw new NervioError('unknown_register');
    const currency = await currencyOf(tx);
    const lines = input.lines.map(({ sku, quantity, unitPrice }): TicketLine => {
      const milli = parseQuantity(quantity);
      if (milli === null || milli <= 0) throw new NervioError('bad_quantity', { skus: [sku] });
      return { sku, quantity: milli, unitPrice: unitPrice == null ? null : priceIn(currency, unitPrice) };
    });
    const products = await productsOf(tx, siteId, lines);

    const id = uuidv7();
    const expiresAt = new Date(Date.now() + ticketMs).toISOString();
    const replaced = input.replaces == null ? null : await openTicket(tx, input.replaces.toLowerCase());
    if (replaced && replaced.siteId !== siteId) throw new NervioError('unknown_ticket');
    const name = input.name?.trim() ?? lines.map(({ sku }) => products.get(sku)!.name)[0]!;
    await insertTicket(tx, { id, siteId, registerId, name, lines, createdBy: actor.userId, expiresAt });
    if (replaced) await setTicketState(tx, [replaced.id], 'dropped');

    // Each product by itself: what is there is held, whatever is missing beside it.
    const holding = [...products.values()].map((product) => ({
      product,
      quantity: lines.reduce((sum, line) => sum + (line.sku === product.sku ? line.quantity : 0), 0),
    }));
    const group = (changes: StockChange[]): StockGroup => ({
      documentId: id,
      operationId: null,
      userId: actor.userId,
      changes,
    });
    const outcomes = await applyStock(tx, [
      group(replaced ? await releasesOf(tx, replaced.id) : []),
      ...holding.map(({ product, quantity }) =>
        group([
          {
            do: 'hold',
            id: uuidv7(),
            siteId,
            variantId: product.variantId,
            quantity,
            purpose: 'ticket',
            ownerId: id,
            expiresAt,
          },
        ]),
      ),
    ]);
    const short = holding.flatMap(({ product: { sku } }, index) => {
      const outcome = outcomes[index + 1]!;
      const [line] = outcome.ok ? [] : outcome.short;
      return line ? [{ sku, wanted: formatQuantity(line.wanted), available: formatQuantity(line.available) }] : [];
    });
    await audit(tx, actor, {
      action: 'ticket.parked',
      entityType: 'ticket',
      entityId: id,
      after: { registerId, name },
    });
    return { status: 201, body: { id, ...(short.length > 0 && { short }) } };
  });
}

/**
 * Back on a screen: with today's prices. What it holds is held until the sale that names it, or until it is dropped.
 * @throws NervioError not_found, ticket_ended
 */
export async function resumeTicket(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  key: string,
): Promise<CommandResult<ResumedTicket>> {
  return runCommand(deps, command(actor, `/tickets/${id}/resume`, null, key), async (tx) => {
    const ticket = await visibleTicket(tx, actor, id);
    await setTicketState(tx, [ticket.id], 'resumed');
    const currency = await currencyOf(tx);
    const { siteId } = ticket;
    const asked = ticket.lines.map(({ sku }) => ({ siteId, sku }));
    const products = await readSellables(tx, [...new Map(asked.map((one) => [one.sku, one])).values()]);
    const lines = ticket.lines.flatMap(({ sku, quantity, unitPrice }) => {
      const product = products.get(siteSkuKey({ siteId, sku }));
      if (!product) return [];
      return [
        {
          sku,
          name: product.name,
          unit: product.unit,
          quantity: formatQuantity(quantity),
          price: money(product.price, currency),
          unitPrice: unitPrice === null ? null : money(unitPrice, currency),
          withdrawn: product.withdrawn,
        },
      ];
    });
    return { status: 200, body: { id: ticket.id, lines } };
  });
}

/** The customer does not come back: what was held is free. @throws NervioError not_found, ticket_ended */
export async function dropTicket(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  key: string,
): Promise<CommandResult<{ id: string }>> {
  return runCommand(deps, command(actor, `/tickets/${id}/drop`, null, key), async (tx) => {
    const ticket = await visibleTicket(tx, actor, id);
    await setTicketState(tx, [ticket.id], 'dropped');
    const changes = await releasesOf(tx, ticket.id);
    await applyStock(tx, [{ documentId: ticket.id, operationId: null, userId: actor.userId, changes }]);
    await audit(tx, actor, { action: 'ticket.dropped', entityType: 'ticket', entityId: ticket.id });
    return { status: 200, body: { id: ticket.id } };
  });
}

const command = (actor: Actor, path: string, body: unknown, key: string) =>
  ({ actor, permission: 'sales.make', key, method: 'POST', path: `/api/v1${path}`, body }) as const;

async function productsOf(tx: Tx, siteId: string, lines: readonly TicketLine[]): Promise<Map<string, SiteSellable>> {
  const skus = [...new Set(lines.map(({ sku }) => sku))];
  const found = await readSellables(
    tx,
    skus.map((sku) => ({ siteId, sku })),
  );
  const unknown = skus.filter((sku) => !found.has(siteSkuKey({ siteId, sku })));
  if (unknown.length > 0) throw new NervioError('unknown_sku', { skus: unknown });
  const products = new Map(skus.map((sku) => [sku, found.get(siteSkuKey({ siteId, sku }))!]));
  const withdrawn = skus.filter((sku) => products.get(sku)!.withdrawn);
  if (withdrawn.length > 0) throw new NervioError('product_withdrawn', { skus: withdrawn });
  const broken = lines.filter(({ sku, quantity }) => products.get(sku)!.unit === 'unit' && !isWhole(quantity));
  if (broken.length > 0) throw new NervioError('quantity_not_whole', { skus: broken.map(({ sku }) => sku) });
  return products;
}

async function releasesOf(tx: Tx, ticketId: string): Promise<StockChange[]> {
  const holds = await holdsOfTickets(tx, [ticketId]);
  return holds.map(({ id }) => ({ do: 'release', holdId: id, as: 'released' }));
}

/** Locked, and not over. @throws NervioError unknown_ticket, ticket_ended */
async function openTicket(tx: Tx, id: string): Promise<LockedTicket> {
  const ticket = (await lockTickets(tx, [id])).get(id);
  if (!ticket) throw new NervioError('unknown_ticket');
  if (isOver(ticket.state)) throw new NervioError('ticket_ended');
  return ticket;
}

/** Locked. @throws NervioError not_found, ticket_ended */
async function visibleTicket(tx: Tx, actor: Actor, id: string): Promise<LockedTicket> {
  const ticket = (await lockTickets(tx, [id])).get(id.toLowerCase());
  if (!ticket || !seesSite(actor, ticket.siteId)) throw new NervioError('not_found');
  if (isOver(ticket.state)) throw new NervioError('ticket_ended');
  return ticket;
}
