import type { ResumedTicket } from '../../api/tickets/schemas';
import type { Problem } from '../components/desk/api';
import { parseQuantity } from '../../domain/quantity';
import type { PaymentMethod } from '../../domain/till';
import { type Feedback, giveFeedback } from '../scan/feedback';
import type { Scan } from '../scan/scanner';
import * as server from './api';
import type { AcceptedSale, RegisterView, SaleInput } from './api';
import * as cart from './cart';
import type { Cart, Line } from './cart';
import { Catalogue } from './catalogue';
import { type Command, methodOf, type Spoken, spokenBy } from './command-codes';
import { type Attempt, type Draft, readDraft, type Who, writeDraft } from './disk';
import { addNote, choose, type Payment, paymentsOf, put, startPayment, stateOf } from './payment';
import { isMeasured, type Product, type SeenVariant } from './product';
import { readScan } from './reading';
import { isAnswer, type Refusal, refusalOf } from './refusal';

/** What lies over the cart; one thing at a time. */
export type Over =
  'search' | 'pay' | 'quantity' | 'price' | 'park' | 'tickets' | 'sales' | 'register' | 'keys' | 'menu' | null;

/** What the last scan or press came to; the screen puts it into words. `at` makes each one a new event. */
export type Said = { at: number; kind: Feedback | 'ready' } & SaidWhat;
export type SaidWhat =
  | { key: 'ready' | 'nothing_to_undo' | 'no_till' | 'cart_open' | 'offline' }
  | { key: 'asking' | 'unknown_code' | 'unreachable' | 'removed' | 'undone' | 'weigh' | 'withdrawn'; what: string }
  | { key: 'added'; what: string; quantity: number; unit: Product['unit'] }
  | { key: 'short'; what: string; available: number; unit: Product['unit'] }
  | { key: 'times'; quantity: number }
  | { key: 'blocked'; why: cart.Obstacle }
  | { key: 'parked' | 'resumed'; what: string }
  | { key: 'waits'; count: number }
  | { key: 'too_many'; count: number }
  | { key: 'refused'; code: string };

/** Where this device sells. */
export interface Till {
  siteId: string;
  siteName: string;
  register: RegisterView;
}

/** A sale or a return that was just made. */
export interface Done {
  accepted: AcceptedSale;
  cart: Cart;
  payments: SaleInput['payments'];
  email: string | null;
  at: string;
}

export interface PosState {
  /** What was on the screen before a reload is there again. */
  ready: boolean;
  /** The disk refuses: a reload would lose what is on the screen. */
  unsaved: boolean;
  till: Till | null;
  cart: Cart;
  said: Said;
  /** So many of what is scanned next; thousandths. */
  times: number | null;
  over: Over;
  payment: Payment | null;
  email: string;
  /** Of a return without a receipt. */
  reason: string;
  restock: boolean;
  /** What was sent and not answered yet. */
  attempt: Attempt | null;
  /** `asking`: it was not answered, and is asked again. */
  sending: 'no' | 'sending' | 'unanswered' | 'asking';
  /** Why the sale was refused, where no line is to blame. */
  trouble: Refusal | null;
  done: Done | null;
  /** Scans that wait for the next sale. */
  waiting: number;
  /** Rises with each wish to print. */
  prints: number;
}

/** What the till needs of the world around it. */
export interface PosParts {
  server: Pick<typeof server, 'preloadProducts' | 'scanProduct' | 'sell'>;
  disk: {
    read(who: Who): Promise<Draft | null>;
    write(who: Who, draft: Draft, surely?: boolean): Promise<void>;
  };
  /** The server is known not to answer. */
  offline(): boolean;
  feedback(kind: Feedback): void;
  newId(): string;
  now(): number;
}

export const browserParts = (offline: () => boolean): PosParts => ({
  server,
  disk: { read: readDraft, write: writeDraft },
  offline,
  feedback: giveFeedback,
  newId: () => crypto.randomUUID(),
  now: () => Date.now(),
});

const lookUpsAtOnce = 3;
/** So long a price and a stock that were just heard are good enough. */
const freshMs = 20_000;
/** So much of the site's catalogue is fetched ahead, in pages of 200. */
const pagesAhead = 10;

/** One person's till: the cart, how it is paid, and what happens with a scan. The page subscribes; nothing here waits. */
export class Pos {
  private state: PosState;
  private readonly listeners = new Set<() => void>();
  private readonly catalogue = new Catalogue();
  private readonly heard = new Map<string, number>();
  private readonly asking: { code: string; codes: string[] }[] = [];
  private readonly asked = new Set<string>();
  private lookUps = 0;
  /** Scans that came while a sale was on its way: they belong to the next one. */
  private held: Scan[] = [];
  private loading = 0;
  private stopped = false;
  /** Cobrar was pressed while a price was still being asked for. */
  private payWhenTold = false;

  constructor(
    private readonly who: Who,
    private readonly parts: PosParts,
    /** May sell for another price than the list's. */
    readonly mayPrice: boolean,
  ) {
    this.state = {
      ready: false,
      unsaved: false,
      till: null,
      cart: cart.emptyCart(parts.newId()),
      said: { at: 0, kind: 'ready', key: 'ready' },
      times: null,
      over: null,
      payment: null,
      email: '',
      reason: '',
      restock: true,
      attempt: null,
      sending: 'no',
      trouble: null,
      done: null,
      waiting: 0,
      prints: 0,
    };
  }

  snapshot = (): PosState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes up what was on the screen; what was sent and never answered is asked again, under its own key. */
  async start(): Promise<void> {
    let draft: Draft | null = null;
    try {
      draft = await this.parts.disk.read(this.who);
    } catch (error) {
      console.error('the till cannot keep anything', error);
      this.set({ unsaved: true });
    }
    if (draft) this.set({ cart: draft.cart, attempt: draft.attempt });
    this.set({ ready: true });
    if (draft?.attempt) await this.ask();
    this.askUnresolved();
    this.takeHeld();
  }

  /** Another tab works from now on: what is on the disk is that one's. */
  stop(): void {
    this.stopped = true;
    this.loading += 1;
  }

  /** Where it sells from now on. Another site has other prices: what is on the counter is asked again. */
  setTill(till: Till | null): void {
    const other = till?.siteId !== this.state.till?.siteId;
    this.set({ till });
    if (!till || !other) return;
    this.catalogue.clear();
    this.heard.clear();
    for (const { product } of this.state.cart.lines) if (product) this.freshen(product);
    this.askUnresolved();
    void this.preload(till.siteId);
  }

  /** The network is back: what could not be told is asked, and what was sent too. */
  online(): void {
    this.askUnresolved();
    if (this.state.sending === 'unanswered') void this.ask();
  }

  show(over: Over): void {
    if (this.state.sending !== 'no') return;
    if (over === 'pay') return this.pay();
    this.set({ over, ...(over === null && { payment: null }) });
  }

  scan(scan: Scan): void {
    const { codes, quantity } = readScan(scan);
    const spoken = spokenBy(codes);
    // After Cobrar comes what it is paid with: in its turn.
    if (spoken && this.payWhenTold) return void this.held.push(scan);
    if (spoken) return this.speak(spoken);
    if (codes.length === 0) {
      // «3*» and Enter: so many of the line that is chosen.
      if (quantity !== null) this.timesChosen(quantity);
      return;
    }
    if (!this.state.ready || this.state.sending !== 'no' || this.payWhenTold) {
      this.held.push(scan);
      this.set({ waiting: this.held.length });
      return this.say('duplicate', { key: 'waits', count: this.held.length });
    }
    if (!this.state.till) return this.say('failure', { key: 'no_till' });
    if (this.state.done) this.next();
    const times = quantity ?? this.state.times;
    this.set({ over: null, payment: null, times: null });
    this.addCode(codes, times);
  }

  /** By hand, out of the search. */
  addProduct(variant: SeenVariant, stay: boolean): void {
    if (this.state.sending !== 'no') return;
    if (this.state.done) this.next();
    const product = this.catalogue.learn(variant);
    const { times } = this.state;
    this.set({ over: stay ? 'search' : null, payment: null, times: null });
    this.put(product.sku, product, times);
  }

  private addCode(codes: readonly string[], quantity: number | null): void {
    const product = this.catalogue.find(codes);
    const [code = ''] = codes;
    if (product) {
      this.put(code, product, quantity);
      this.freshen(product);
      return;
    }
    if (this.isFull()) return;
    this.edit(cart.add(this.state.cart, { lineId: this.parts.newId(), code, product: null, quantity }));
    this.say('ready', { key: 'asking', what: code });
    this.askFor(code, [...codes]);
  }

  private isFull(): boolean {
    const full = this.state.cart.lines.length >= cart.maxLines;
    if (full) this.say('failure', { key: 'too_many', count: cart.maxLines });
    return full;
  }

  private put(code: string, product: Product, quantity: number | null): void {
    if (this.isFull()) return;
    const next = cart.add(this.state.cart, { lineId: this.parts.newId(), code, product, quantity });
    this.edit(next);
    this.tellLine(next.lines[0]);
  }

  /** What became of a line that a scan has touched. */
  private tellLine(line: Line | undefined): void {
    if (!line?.product) return;
    const { product, quantity } = line;
    if (product.withdrawn && this.state.cart.mode === 'sale') {
      this.edit(cart.tellProblems(this.state.cart, new Map([[product.sku, { code: 'product_withdrawn' }]])));
      return this.say('failure', { key: 'withdrawn', what: product.name });
    }
    if (quantity === null) {
      this.set({ over: 'quantity' });
      return this.say('duplicate', { key: 'weigh', what: product.name });
    }
    const short = cart.shortOf(this.state.cart, line);
    if (short !== null)
      return this.say('duplicate', { key: 'short', what: product.name, available: short, unit: product.unit });
    this.say('success', { key: 'added', what: product.name, quantity, unit: product.unit });
  }

  private speak(spoken: Spoken): void {
    if ('command' in spoken) this.command(spoken.command);
    else this.note(spoken.note);
  }

  command(command: Command): void {
    const { sending, over, done } = this.state;
    if (sending === 'unanswered' && (command === 'confirm' || command === 'charge')) return void this.ask();
    if (sending !== 'no') return;
    const method = methodOf(command);
    if (method) {
      if (over !== 'pay') this.pay();
      return this.choose(method);
    }
    switch (command) {
      case 'charge':
        return this.pay();
      case 'confirm':
        if (done) return this.next();
        return over === 'pay' ? void this.submit() : this.pay();
      case 'next':
        return this.next();
      case 'more':
        return this.step(1);
      case 'less':
        return this.step(-1);
      case 'undo':
        return this.undo();
      case 'park':
        return this.show('park');
      case 'print':
        return this.print();
      case 'cash':
      case 'card':
      case 'transfer':
        return;
    }
  }

  /** A note that was put on the counter. */
  note(amount: number): void {
    if (this.state.over !== 'pay') this.pay();
    const { payment } = this.state;
    if (!payment || payment.exact) return;
    this.set({ payment: addNote(payment, amount) });
    this.parts.feedback('success');
  }

  /** «3*» before a scan. */
  setTimes(times: number | null): void {
    this.set({ times });
    if (times !== null) this.tell('ready', { key: 'times', quantity: times });
  }

  private timesChosen(quantity: number): void {
    const line = cart.currentLine(this.state.cart);
    if (line) this.setQuantity(line.id, quantity);
    this.set({ times: null });
  }

  setQuantity(id: string, quantity: number): void {
    if (!this.isOpen()) return;
    this.edit(cart.setQuantity(this.state.cart, id, quantity));
    this.set({ times: null });
    const line = cart.findLine(this.state.cart, id);
    if (line) this.tellLine(line);
  }

  /** One more or one less of the line that is chosen; of what is weighed nothing. */
  step(by: 1 | -1, id?: string): void {
    const line = id === undefined ? cart.currentLine(this.state.cart) : cart.findLine(this.state.cart, id);
    if (!line || line.quantity === null || !this.isOpen()) return;
    if (line.product && isMeasured(line.product)) return this.change('quantity', line.id);
    const quantity = line.quantity + by * cart.one;
    if (quantity <= 0) return this.remove(line.id);
    this.setQuantity(line.id, quantity);
  }

  setPrice(id: string, price: number | null): void {
    if (this.isOpen() && this.mayPrice) this.edit(cart.setPrice(this.state.cart, id, price));
  }

  /** Opens what changes a line. */
  change(over: 'quantity' | 'price', id?: string): void {
    const line = id === undefined ? cart.currentLine(this.state.cart) : cart.findLine(this.state.cart, id);
    if (!line?.product || !this.isOpen() || (over === 'price' && !this.mayPrice)) return;
    this.edit(cart.select(this.state.cart, line.id));
    this.set({ over });
  }

  remove(id?: string): void {
    const line = id === undefined ? cart.currentLine(this.state.cart) : cart.findLine(this.state.cart, id);
    if (!line || !this.isOpen()) return;
    this.edit(cart.remove(this.state.cart, line.id));
    this.say('duplicate', { key: 'removed', what: cart.nameOf(line) });
  }

  clear(label: string): void {
    if (!this.isOpen()) return;
    this.edit(cart.clear(this.state.cart, label));
    this.set({ over: null });
    this.say('duplicate', { key: 'removed', what: label });
  }

  undo(): void {
    if (!this.isOpen()) return;
    const last = this.state.cart.undo.at(-1);
    if (!last) return this.say('failure', { key: 'nothing_to_undo' });
    this.edit(cart.undoLast(this.state.cart));
    this.say('duplicate', { key: 'undone', what: last.label });
  }

  select(id: string): void {
    this.edit(cart.select(this.state.cart, id));
  }

  selectNext(step: -1 | 1): void {
    this.edit(cart.selectNext(this.state.cart, step));
  }

  mend(id: string): void {
    if (!this.isOpen()) return;
    const problem = cart.findLine(this.state.cart, id)?.problem?.code;
    this.edit(cart.mend(this.state.cart, id));
    this.set({ said: this.quiet() });
    if (problem === 'quantity_not_whole' || problem === 'bad_quantity') this.change('quantity', id);
  }

  /** The cart may be changed: nothing of it is on its way. */
  private isOpen(): boolean {
    return this.state.sending === 'no' && this.state.done === null;
  }

  /** Goods that come back without a receipt, or a sale again. */
  setMode(mode: Cart['mode']): void {
    if (!this.isOpen()) return;
    if (!cart.isEmpty(this.state.cart)) return this.say('failure', { key: 'cart_open' });
    this.edit(cart.emptyCart(this.parts.newId(), mode));
    this.set({ over: null, reason: '', restock: true, said: this.quiet() });
  }

  /** Away from the return: what was on the counter for it goes. */
  leaveReturn(): void {
    if (!this.isOpen()) return;
    this.edit(cart.emptyCart(this.parts.newId()));
    this.set({ over: null, reason: '', restock: true, said: this.quiet() });
  }

  pay(): void {
    if (!this.isOpen() || !this.state.till) return;
    const obstacle = cart.obstacleOf(this.state.cart);
    this.payWhenTold = obstacle?.why === 'asking' && !this.parts.offline();
    if (this.payWhenTold) return this.tell('ready', { key: 'blocked', why: 'asking' });
    if (obstacle) {
      if (obstacle.lineId !== null) this.edit(cart.select(this.state.cart, obstacle.lineId));
      this.set({ over: obstacle.why === 'weigh' ? 'quantity' : null });
      return this.say('failure', { key: 'blocked', why: obstacle.why });
    }
    if (!this.state.till.register.session) {
      this.set({ over: 'register' });
      return this.say('failure', { key: 'refused', code: 'register_closed' });
    }
    const { total } = cart.totalsOf(this.state.cart);
    this.set({ over: 'pay', trouble: null, payment: startPayment(total, this.state.cart.mode === 'return') });
  }

  choose(method: PaymentMethod): void {
    const { payment } = this.state;
    if (payment) this.set({ payment: choose(payment, method) });
  }

  amount(amount: number): void {
    const { payment } = this.state;
    if (payment) this.set({ payment: put(payment, amount) });
  }

  fill(change: Partial<Pick<PosState, 'email' | 'reason' | 'restock'>>): void {
    this.set(change);
  }

  /** Sells it: the key is on disk before anything is sent. Known to be without a network, nothing is sent at all. */
  async submit(): Promise<void> {
    const { payment, till, sending, email, reason, restock } = this.state;
    const { mode, ticket } = this.state.cart;
    if (!payment || !till || sending !== 'no' || !stateOf(payment).fits) return;
    if (mode === 'return' && reason.trim() === '') return;
    if (this.parts.offline()) return this.say('failure', { key: 'offline' });
    const at = new Date(this.parts.now()).toISOString();
    const input: SaleInput = {
      siteId: till.siteId,
      registerId: till.register.id,
      lines: cart.soldLines(this.state.cart),
      payments: paymentsOf(payment),
      ...(mode === 'return'
        ? { reason: reason.trim(), restock }
        : {
            ...(email.trim() !== '' && { customer: { email: email.trim() } }),
            ...(ticket && { ticketId: ticket.id }),
            clientAt: at,
          }),
    };
    this.set({
      sending: 'sending',
      trouble: null,
      attempt: { key: this.parts.newId(), kind: mode, input, total: payment.total, at },
    });
    await this.keep(true);
    await this.ask();
  }

  /** Sends it, or asks again what became of it: the same key and the same body, so that it is one sale however often. */
  async ask(): Promise<void> {
    const { attempt } = this.state;
    if (!attempt) return;
    this.set({ sending: this.state.sending === 'unanswered' ? 'asking' : 'sending' });
    const outcome = await this.parts.server.sell(attempt.kind, attempt.input, attempt.key);
    if (this.stopped || this.state.attempt?.key !== attempt.key) return;
    if (outcome.kind === 'ok') return this.finish(attempt, outcome.value);
    if (outcome.kind === 'problem' && isAnswer(outcome.problem)) return this.refuse(outcome.problem);
    this.parts.feedback('failure');
    this.set({ sending: 'unanswered', over: null });
  }

  private finish(attempt: Attempt, accepted: AcceptedSale): void {
    const sold = this.state.cart;
    this.parts.feedback('success');
    this.set({
      cart: cart.emptyCart(this.parts.newId()),
      attempt: null,
      sending: 'no',
      payment: null,
      over: null,
      email: '',
      reason: '',
      restock: true,
      times: null,
      said: this.quiet(),
      done: {
        accepted,
        cart: sold,
        payments: attempt.input.payments,
        email: attempt.input.customer?.email ?? null,
        at: attempt.at,
      },
    });
    for (const { product } of sold.lines) if (product) this.heard.delete(product.sku);
    void this.keep();
  }

  /** A final no. Nothing was sold; what is on the counter stays there, and the next try is a new sale. */
  private refuse(problem: Problem): void {
    const refusal = refusalOf(problem);
    this.parts.feedback('failure');
    this.set({ attempt: null, sending: 'no' });
    if (refusal.lines.size > 0) {
      this.edit(cart.tellProblems(this.state.cart, refusal.lines));
      this.set({ over: null, payment: null });
      this.tell('failure', { key: 'refused', code: refusal.code });
    } else if (refusal.due !== null) {
      const { payment } = this.state;
      this.set({ trouble: refusal, payment: startPayment(refusal.due, payment?.exact ?? false), over: 'pay' });
    } else {
      this.set({ trouble: refusal, over: null, payment: null });
    }
    void this.keep();
    this.takeHeld();
  }

  /** Away from the banner, with what mends it. */
  mendTrouble(): void {
    const code = this.state.trouble?.code;
    this.set({ trouble: null });
    if (code === 'register_closed' || code === 'unknown_register') this.set({ over: 'register' });
    if (code === 'ticket_ended' || code === 'unknown_ticket') this.edit({ ...this.state.cart, ticket: null });
  }

  /** Away from the receipt, to the next sale: with what was scanned meanwhile. */
  next(): void {
    if (!this.state.done) return;
    this.set({ done: null, over: null, said: this.quiet() });
    this.takeHeld();
  }

  private takeHeld(): void {
    if (this.state.done || this.state.sending !== 'no') return;
    const scans = this.held;
    this.held = [];
    this.set({ waiting: 0 });
    for (const scan of scans) this.scan(scan);
  }

  print(): void {
    this.set({ prints: this.state.prints + 1 });
  }

  /** The cart has been put aside. `stay`: there is more to be said about it. */
  parked(name: string, stay: boolean): void {
    this.edit(cart.emptyCart(this.parts.newId()));
    // Who has gone on meanwhile stays where they are.
    if (this.state.over === 'park' && !stay) this.set({ over: null });
    this.say('success', { key: 'parked', what: name });
  }

  /** A parked ticket is on the counter again, at today's prices. */
  resumed(ticket: ResumedTicket, name: string): void {
    let next: Cart = { ...cart.emptyCart(this.parts.newId()), ticket: { id: ticket.id, name } };
    for (const line of ticket.lines) {
      const product = this.catalogue.find([line.sku]);
      const id = this.parts.newId();
      next = cart.add(next, { lineId: id, code: line.sku, product, quantity: parseQuantity(line.quantity) });
      if (line.unitPrice)
        next = {
          ...next,
          lines: next.lines.map((one) => (one.id === id ? { ...one, unitPrice: line.unitPrice!.amount } : one)),
        };
    }
    this.edit({ ...next, undo: [], selected: null });
    for (const { product, code } of next.lines) product ? this.freshen(product) : this.askFor(code, [code]);
    if (this.state.over === 'tickets') this.set({ over: null });
    this.say('success', { key: 'resumed', what: name });
  }

  lookAgain(code: string): void {
    this.edit(cart.askingFor(this.state.cart, code));
    this.askFor(code, [code]);
  }

  private askUnresolved(): void {
    if (!this.state.till) return;
    for (const code of cart.unresolved(this.state.cart)) this.askFor(code, [code]);
  }

  private askFor(code: string, codes: string[]): void {
    if (this.asked.has(code)) return;
    this.asked.add(code);
    this.asking.push({ code, codes });
    if (this.lookUps < lookUpsAtOnce) void this.answerAll();
  }

  /** Few at once: a browser has six connections to a server, and the sale itself needs one. */
  private async answerAll(): Promise<void> {
    this.lookUps += 1;
    for (let next = this.asking.shift(); next; next = this.asking.shift()) {
      await this.lookUp(next.code, next.codes);
      this.asked.delete(next.code);
    }
    this.lookUps -= 1;
  }

  private async lookUp(code: string, codes: readonly string[]): Promise<void> {
    const siteId = this.state.till?.siteId;
    if (siteId === undefined) return;
    for (const candidate of codes) {
      const outcome = await this.parts.server.scanProduct(candidate, siteId);
      if (outcome.kind === 'ok') return this.found(code, candidate, outcome.value);
      if (outcome.kind === 'problem' && outcome.problem.code === 'unknown_code') continue;
      this.edit(cart.notFound(this.state.cart, code, 'unreachable'));
      this.say('failure', { key: 'unreachable', what: code });
      return this.told();
    }
    this.edit(cart.notFound(this.state.cart, code, 'unknown_code'));
    this.say('failure', { key: 'unknown_code', what: code });
    this.told();
  }

  private found(code: string, candidate: string, variant: SeenVariant): void {
    const product = this.catalogue.learn(variant, candidate);
    this.heard.set(product.sku, this.parts.now());
    const waited = this.state.cart.lines.some((line) => line.product === null && line.code === code);
    this.edit(cart.complete(this.state.cart, code, product));
    if (waited) this.tellLine(this.state.cart.lines.find((line) => line.product?.variantId === product.variantId));
    this.told();
  }

  /** A price is known now, or will not be: what waited for it goes on. */
  private told(): void {
    if (!this.payWhenTold) return;
    const why = cart.obstacleOf(this.state.cart)?.why;
    if (this.state.cart.lines.some(({ lookup }) => lookup === 'asking')) return;
    this.payWhenTold = false;
    if (why === undefined) this.pay();
    this.takeHeld();
  }

  /** Its price and its stock may have changed since they were last heard. */
  private freshen(product: Product): void {
    const siteId = this.state.till?.siteId;
    const last = this.heard.get(product.sku) ?? -Infinity;
    if (siteId === undefined || this.parts.now() - last < freshMs) return;
    this.heard.set(product.sku, this.parts.now());
    void this.parts.server.scanProduct(product.sku, siteId).then((outcome) => {
      // Without an answer what is known goes on; the server decides when it is paid.
      if (outcome.kind !== 'ok') return void this.heard.delete(product.sku);
      const fresh = this.catalogue.learn(outcome.value);
      // A sum that was said aloud stays; the server tells what has changed in it.
      if (this.isOpen() && this.state.over !== 'pay') this.edit(cart.refresh(this.state.cart, fresh));
    });
  }

  private async preload(siteId: string): Promise<void> {
    const turn = (this.loading += 1);
    let cursor: string | undefined;
    for (let page = 0; page < pagesAhead; page++) {
      const moment = this.catalogue.moment();
      const outcome = await this.parts.server.preloadProducts(siteId, cursor);
      if (turn !== this.loading || outcome.kind !== 'ok') return;
      this.catalogue.learnPage(outcome.value.items, moment);
      if (outcome.value.nextCursor === null) return;
      cursor = outcome.value.nextCursor;
    }
  }

  private edit(next: Cart): void {
    if (next === this.state.cart) return;
    this.set({ cart: next });
    void this.keep();
  }

  /** On disk in the order of the changes: a browser runs transactions of one store one after the other. */
  private async keep(surely = false): Promise<void> {
    if (!this.state.ready || this.stopped) return;
    const { cart: now, attempt } = this.state;
    try {
      await this.parts.disk.write(this.who, { version: 1, cart: now, attempt }, surely);
      if (this.state.unsaved) this.set({ unsaved: false });
    } catch (error) {
      console.error('the till cannot keep its cart', error);
      this.set({ unsaved: true });
    }
  }

  private say(kind: Said['kind'], what: SaidWhat): void {
    if (kind !== 'ready') this.parts.feedback(kind);
    this.tell(kind, what);
  }

  private tell(kind: Said['kind'], what: SaidWhat): void {
    this.set({ said: { at: this.state.said.at + 1, kind, ...what } });
  }

  private quiet(): Said {
    return { at: this.state.said.at + 1, kind: 'ready', key: 'ready' };
  }

  private set(change: Partial<PosState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
