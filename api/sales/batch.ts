import { type Actor, can, seesSite } from '../../domain/access';
import { type CartLine, type Payment, priceCart, type PricedCart, wantedOf } from '../../domain/cart';
import { NervioError } from '../../domain/errors';
import { money, type Money } from '../../domain/money';
import { formatQuantity, parseQuantity } from '../../domain/quantity';
import {
  availableOf,
  levelKey,
  type LevelRef,
  type StockChange,
  type StockGroup,
  type StockLevel,
} from '../../domain/stock';
import { type SiteSellable, type SiteSku, siteSkuKey } from '../../store/articles';
import type { HotTx } from '../../store/hot-path';
import type { StoredAnswer } from '../../store/idempotency';
import { newId } from '../../store/new-id';
import { findRegister } from '../../store/registers';
import {
  acceptSales,
  type KeptAnswer,
  lockKeys,
  lockRegisters,
  type NewDocument,
  type OpenRegister,
  type PriceOverride,
  readAnswers,
  readOpenRegisters,
} from '../../store/sales';
import { carryVariants, decideRead, lockAndDecide, writeDecision } from '../../store/stock';
import {
  holdsOfTickets,
  isOver,
  type LockedTicket,
  lockTickets,
  setTicketState,
  type TicketHold,
} from '../../store/tickets';
import { type CommandResult, isStored, repeatAnswer } from '../command';
import { priceIn } from '../products/amounts';
import type { ArticleMemory, Articles } from './article-memory';
import type { Outcome } from '../batcher';
import type { AcceptedSale, NewSale } from './schemas';

/** A sale that waits to be decided: permission is checked, ids are lower case. */
export interface SaleJob {
  actor: Actor;
  input: NewSale;
  key: string;
  fingerprint: Buffer;
}

export type SaleOutcome = Outcome<CommandResult<AcceptedSale>>;

/** What is known when the sales are decided, all of it read by few questions for all of them. */
interface Known {
  answers: Map<string, StoredAnswer>;
  registers: Map<string, OpenRegister>;
  articles: Articles;
  /** By `levelKey`. */
  levels: Map<string, StockLevel>;
  tickets: Map<string, LockedTicket>;
  holds: TicketHold[];
}

/** A sale that only stock can still refuse. */
interface Candidate {
  job: SaleJob;
  register: OpenRegister;
  cart: PricedCart;
  payments: Payment[];
  ticketId: string | null;
  saleId: string;
  operationId: string;
}

/** Everything that the lines of all carts are about, by `siteSkuKey`. */
function articlesOf(jobs: readonly SaleJob[]): Map<string, SiteSku> {
  const asked = new Map<string, SiteSku>();
  for (const { input } of jobs) {
    for (const { sku } of input.lines) {
      const one = { siteId: input.siteId, sku };
      asked.set(siteSkuKey(one), one);
    }
  }
  return asked;
}

const registerIdsOf = (jobs: readonly SaleJob[]): string[] =>
  [...new Set(jobs.map(({ input }) => input.registerId))].sort();

/** A refusal as it is kept with its key. */
const keptRefusal = ({ key, fingerprint }: SaleJob, error: NervioError): KeptAnswer => ({
  key,
  fingerprint,
  operationId: null,
  status: error.spec.status,
  response: { refused: error.code, extra: error.extra },
});

/**
 * Of sales that are likely to be short of stock: those that are, by the last commit, are refused, and the refusal is kept with its key.
 * Locks nothing but the keys, so that who asks for what is gone holds up nobody who buys.
 * @returns one for each job, in their order: why it is refused; null = it goes the ordinary way
 */
export async function refuseShort(
  tx: HotTx,
  jobs: readonly SaleJob[],
  memory: ArticleMemory,
): Promise<(NervioError | null)[]> {
  const keys = jobs.map(({ key }) => key);
  const [locked, answers, registers, { articles, levels }] = await Promise.all([
    lockKeys(tx, keys),
    readAnswers(tx, keys),
    readOpenRegisters(tx, registerIdsOf(jobs)),
    memory.read(tx, articlesOf(jobs)),
  ]);
  const known: Known = { answers, registers, articles, levels: byKey(levels), tickets: new Map(), holds: [] };
  const kept: KeptAnswer[] = [];
  const refusals: (NervioError | null)[] = [];
  for (const job of jobs) {
    const ordinary = !locked.has(job.key) || answers.has(job.key) || job.input.ticketId != null;
    const refusal = ordinary ? null : await shortageOf(tx, job, known);
    refusals.push(refusal);
    if (refusal !== null) kept.push(keptRefusal(job, refusal));
  }
  tx.atLast(acceptSales(tx, [], { answers: kept }));
  return refusals;
}

async function shortageOf(tx: HotTx, job: SaleJob, known: Known): Promise<NervioError | null> {
  try {
    await decide(tx, job, known, new Set());
    return null;
  } catch (error) {
    if (!(error instanceof NervioError)) throw error;
    return error.code === 'insufficient_stock' ? error : null;
  }
}

const byKey = (levels: readonly StockLevel[]) => new Map(levels.map((level) => [levelKey(level), level]));

/** A level has to be made, or has an open shortage that ends: not without its lock. Nothing has been written. */
export class LockWanted extends Error {}

/**
 * Decides sales in order of arrival and writes them, in the caller's transaction: keys, then registers, tickets and levels are
 * locked in the one order of locks. What is refused is kept with its key beside what is accepted.
 * @param how `lock`: levels are locked before anything is decided, in a trip of their own, as where a ticket is sold. Without it they are
 *   read, and locked when it is written: what was read may be too much by then
 * @returns one outcome per job, in their order; and what the sites sell under the SKUs
 * @throws LockWanted without `lock`
 * @throws isOvertaken without `lock`: somebody else was sooner, and nothing may be committed
 */
export async function sellBatch(
  tx: HotTx,
  jobs: readonly SaleJob[],
  memory: ArticleMemory,
  { lock = false } = {},
): Promise<{ outcomes: SaleOutcome[]; articles: Articles }> {
  const keys = jobs.map(({ key }) => key);
  const ticketIds = [...new Set(jobs.flatMap(({ input }) => input.ticketId ?? []))];
  const locks = lock || ticketIds.length > 0;
  // One trip: each is a statement of its own, so the answers are read after their keys are ours.
  const [locked, answers, registers, tickets, holds, { articles, levels }] = await Promise.all([
    lockKeys(tx, keys),
    readAnswers(tx, keys),
    lockRegisters(tx, registerIdsOf(jobs)),
    ticketIds.length > 0 ? lockTickets(tx, ticketIds) : new Map<string, LockedTicket>(),
    ticketIds.length > 0 ? holdsOfTickets(tx, ticketIds) : [],
    memory.read(tx, articlesOf(jobs)),
  ]);
  const known = { answers, registers, articles, levels: byKey(levels), tickets, holds };

  const outcomes = new Map<SaleJob, SaleOutcome>();
  const kept: KeptAnswer[] = [];
  const refuse = (job: SaleJob, error: unknown): void => {
    if (!(error instanceof NervioError)) throw error;
    outcomes.set(job, { error });
    if (!answers.has(job.key) && isStored(error)) kept.push(keptRefusal(job, error));
  };

  const candidates: Candidate[] = [];
  const claimed = new Set<string>();
  for (const job of jobs) {
    try {
      const stored = answers.get(job.key);
      // What has been answered is answered again, also while somebody else repeats it.
      if (stored) outcomes.set(job, { result: await repeatAnswer<AcceptedSale>(tx, stored, job.fingerprint) });
      else if (!locked.has(job.key)) throw new NervioError('command_in_progress', {}, { retryAfterMs: 1000 });
      else candidates.push(await decide(tx, job, known, claimed));
    } catch (error) {
      refuse(job, error);
    }
  }

  const missing = missingLevels(candidates, known);
  if (missing.length > 0) {
    if (!locks) throw new LockWanted();
    await carryVariants(tx, missing);
  }
  const groups = candidates.map((candidate) => groupOf(candidate, holds));
  const { outcomes: decisions, decision } = locks ? await lockAndDecide(tx, groups) : decideRead(levels, groups);
  const numbers = new Map([...registers.values()].map(({ id, nextNumber }) => [id, nextNumber]));
  const documents: NewDocument[] = [];
  const overrides: PriceOverride[] = [];
  const soldTickets: string[] = [];
  candidates.forEach((candidate, index) => {
    const decision = decisions[index]!;
    const { job, register, cart } = candidate;
    if (!decision.ok) {
      const skus = new Map(cart.lines.map(({ variantId, sku }) => [variantId, sku]));
      const short = decision.short.map((one) => ({ ...one, sku: skus.get(one.variantId.toLowerCase())! }));
      refuse(job, shortOf(short));
      return;
    }
    const number = numbers.get(register.id)!;
    numbers.set(register.id, number + 1);
    documents.push(documentOf(candidate, number));
    overrides.push(...overridesOf(candidate));
    if (candidate.ticketId !== null) soldTickets.push(candidate.ticketId);
    const amount = (value: number) => money(value, register.currency);
    const body: AcceptedSale = {
      saleId: candidate.saleId,
      operationId: candidate.operationId,
      number,
      total: amount(cart.total),
      tax: amount(cart.tax),
      change: amount(cart.change),
      state: 'pending',
    };
    outcomes.set(job, { result: { status: 201, body, replayed: false } });
    const { key, fingerprint } = job;
    kept.push({ key, fingerprint, operationId: candidate.operationId, status: 201, response: body });
  });
  // One trip with the commit. Where holds end or shortages change, several statements follow one another.
  if (decision && isPlain(decision)) tx.atLast(writeDecision(tx, decision, locks ? 'locked' : 'read'));
  else if (decision && locks) await writeDecision(tx, decision);
  else if (decision) throw new LockWanted();
  if (soldTickets.length > 0) tx.atLast(setTicketState(tx, soldTickets, 'sold'));
  tx.atLast(acceptSales(tx, documents, { answers: kept, overrides }));
  return { outcomes: jobs.map((job) => outcomes.get(job)!), articles };
}

const isPlain = ({ holds, holdEnds, shortagesOpened, shortagesClosed }: Parameters<typeof writeDecision>[1]): boolean =>
  [holds, holdEnds, shortagesOpened, shortagesClosed].every((rows) => rows.length === 0);

/** @throws NervioError whatever keeps the sale from being made, but a shortage that only the locked levels show */
async function decide(tx: HotTx, job: SaleJob, known: Known, claimed: Set<string>): Promise<Candidate> {
  const { actor, input } = job;
  if (!seesSite(actor, input.siteId)) throw new NervioError('unknown_site');
  const register = known.registers.get(input.registerId);
  if (!register) {
    // Closed, or none at all: only now it is worth a question.
    const closed = await findRegister(tx, input.registerId);
    if (closed?.siteId !== input.siteId) throw new NervioError('unknown_register');
    throw new NervioError('register_closed', { register: closed.name });
  }
  if (register.siteId !== input.siteId) throw new NervioError('unknown_register');
  const { currency } = register;
  const payments = input.payments.map(({ method, amount }) => ({ method, amount: priceIn(currency, amount) }));
  const lines = input.lines.map((line): CartLine => ({
    sku: line.sku,
    quantity: quantityIn(line.quantity),
    unitPrice: line.unitPrice == null ? null : priceIn(currency, line.unitPrice as Money | number),
    seenPrice: line.listPrice == null ? null : priceIn(currency, line.listPrice as Money | number),
  }));
  const catalogue = new Map<string, SiteSellable>();
  for (const { sku } of lines) {
    const sellable = known.articles.get(siteSkuKey({ siteId: input.siteId, sku }));
    if (sellable) catalogue.set(sku, sellable);
  }
  const cart = priceCart(lines, payments, catalogue, { mayChangePrice: can(actor, 'sales.price'), currency });
  const ticketId = input.ticketId ?? null;
  if (ticketId === null) refuseSoldOut(cart, register.siteId, catalogue, known);
  else requireTicket(known.tickets.get(ticketId), input.siteId, claimed);
  return { job, register, cart, payments, ticketId, saleId: newId(), operationId: newId() };
}

function quantityIn(value: string | number): number {
  const milli = parseQuantity(value);
  if (milli === null) throw new NervioError('malformed', { fields: [{ path: 'body/lines', message: 'no quantity' }] });
  return milli;
}

/**
 * What is not there is said at once, and nothing of this sale is decided. Enough says nothing yet: of what there is, sales before it in
 * the batch take theirs first.
 */
function refuseSoldOut(
  cart: PricedCart,
  siteId: string,
  catalogue: ReadonlyMap<string, SiteSellable>,
  { levels }: Pick<Known, 'levels'>,
): void {
  const byVariant = new Map([...catalogue.values()].map((one) => [one.variantId, one]));
  const short = [...wantedOf(cart.lines)].flatMap(([variantId, wanted]) => {
    const { sku, allowNegative } = byVariant.get(variantId)!;
    const level = levels.get(levelKey({ siteId, variantId }));
    if (level?.allowNegative ?? allowNegative) return [];
    const available = level ? Math.max(availableOf(level), 0) : 0;
    return available < wanted ? [{ sku, wanted, available }] : [];
  });
  if (short.length > 0) throw shortOf(short);
}

const shortOf = (lines: readonly { sku: string; wanted: number; available: number }[]): NervioError =>
  new NervioError('insufficient_stock', {
    lines: lines.map(({ sku, wanted, available }) => ({
      sku,
      wanted: formatQuantity(wanted),
      available: formatQuantity(available),
    })),
  });

/** @param claimed tickets of earlier sales of this batch, about which nothing is certain yet */
function requireTicket(ticket: LockedTicket | undefined, siteId: string, claimed: Set<string>): void {
  if (ticket?.siteId !== siteId) throw new NervioError('unknown_ticket');
  if (isOver(ticket.state)) throw new NervioError('ticket_ended');
  if (claimed.has(ticket.id)) throw new NervioError('command_in_progress', {}, { retryAfterMs: 1000 });
  claimed.add(ticket.id);
}

/** Where a site may sell what it never had, it has a level from now on. */
const missingLevels = (candidates: readonly Candidate[], { levels, articles }: Known): LevelRef[] =>
  candidates.flatMap(({ register: { siteId }, cart }) =>
    cart.lines.flatMap(({ sku, variantId }) => {
      const known = levels.has(levelKey({ siteId, variantId }));
      return !known && articles.get(siteSkuKey({ siteId, sku }))!.allowNegative ? [{ siteId, variantId }] : [];
    }),
  );

function groupOf({ job, register, cart, ticketId, saleId, operationId }: Candidate, holds: TicketHold[]): StockGroup {
  const left = new Map<string, string[]>();
  for (const hold of holds) {
    if (hold.ticketId === ticketId) left.set(hold.variantId, [...(left.get(hold.variantId) ?? []), hold.id]);
  }
  const changes = cart.lines.map((line): StockChange => {
    const claims = left.get(line.variantId) ?? [];
    left.delete(line.variantId);
    return {
      do: 'move',
      siteId: register.siteId,
      variantId: line.variantId,
      kind: 'sale',
      quantity: -line.quantity,
      policy: 'refuse',
      unitCost: line.unitCost,
      unitPrice: line.unitPrice,
      ...(claims.length > 0 && { claims }),
    };
  });
  // What was on the ticket and is not in the cart any more is free again.
  for (const holdId of [...left.values()].flat()) changes.push({ do: 'release', holdId, as: 'released' });
  const clientAt = job.input.clientAt ?? null;
  return { documentId: saleId, operationId, userId: job.actor.userId, clientAt, changes };
}

function documentOf({ job, register, cart, payments, saleId, operationId }: Candidate, number: number): NewDocument {
  const { input, actor } = job;
  const name = input.customer?.name?.trim();
  const email = input.customer?.email?.trim().toLowerCase();
  const customer = {
    ...(input.customerId != null && { id: input.customerId }),
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
  };
  return {
    id: saleId,
    operationId,
    kind: 'sale',
    siteId: register.siteId,
    registerId: register.id,
    sessionId: register.sessionId,
    number,
    originalId: null,
    currency: register.currency,
    total: cart.total,
    tax: cart.tax,
    change: cart.change,
    customer: Object.keys(customer).length > 0 ? customer : null,
    reason: null,
    userId: actor.userId,
    clientAt: input.clientAt ?? null,
    lines: cart.lines.map((line) => ({ ...line, originalLine: null })),
    payments,
    mailTo: email ?? null,
  };
}

const overridesOf = ({ job, cart, saleId, operationId }: Candidate): PriceOverride[] =>
  cart.lines.flatMap(({ sku, listPrice, unitPrice }) =>
    unitPrice === listPrice
      ? []
      : [
          {
            documentId: saleId,
            operationId,
            actorId: job.actor.userId,
            actor: job.actor.name,
            requestId: job.actor.requestId ?? null,
            sku,
            listPrice,
            unitPrice,
          },
        ],
  );
