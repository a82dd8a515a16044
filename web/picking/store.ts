import type { Device } from '../offline/device';
import type { PalletAnswer } from '../offline/api';
import { serverNow } from '../offline/clock';
import { readDraft, saveDraft } from '../offline/db';
import { placeOf } from '../offline/places';
import { canDiscard, type NewMove, type PlaceRef, type QueuedMove } from '../offline/queue';
import { type Feedback, giveFeedback } from '../scan/feedback';
import type { Scan } from '../scan/scanner';
import {
  addLine,
  completeLine,
  type Draft,
  emptyDraft,
  hasLine,
  isEmpty,
  type Line,
  maxPallets,
  problemOf,
  removeLine,
  setDestination,
  totals,
  undoLast,
} from './draft';
import { foldCode, looksLikePallet, resolve } from './resolve';
import { commandCodes } from './command-codes';

/** What the last scan came to; the screen puts it into words. `at` makes each one a new event. */
export type Said = { at: number; kind: Feedback | 'ready' } & (
  | { key: 'ready' | 'nothing_to_undo' }
  | { key: 'destination' | 'destination_same'; place: string }
  | { key: 'added' | 'duplicate' | 'unknown' | 'unknown_offline'; code: string }
  | { key: 'problem'; code: string; why: string }
  | { key: 'too_many'; count: number }
  | { key: 'undone'; what: string }
);
type SaidWhat = Said extends infer S ? (S extends unknown ? Omit<S, 'at' | 'kind'> : never) : never;

export interface Receipt {
  moveId: string;
  /** The move as confirmed, should its row leave the device while the receipt is shown. */
  move: QueuedMove;
  /** What was on the screen and did not go. */
  held: { code: string; why: string }[];
}

export interface PickingState {
  draft: Draft;
  said: Said;
  receipt: Receipt | null;
  /** 'saving' between the press and the disk; 'failed' when the disk refused. */
  confirming: 'no' | 'saving' | 'failed';
  recent: readonly string[];
}

const lookUpsAtOnce = 3;
/** Pauses before asking again about what the server could not answer; the last one repeats. */
const askAgainMs = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000];

/** What picking needs of the device. */
export type PickingDevice = Pick<
  Device,
  'user' | 'snapshot' | 'subscribe' | 'isOffline' | 'lookUp' | 'findLocation' | 'confirm' | 'discard' | 'cancel'
>;

interface Who {
  tenantId: string;
  userId: string;
}

/** Where the draft of a person is kept: one for all tabs. */
export interface DraftStorage {
  read(who: Who): Promise<Draft | undefined>;
  /** Resolves to the move that this draft has become already, in this tab or another: then nothing was written. */
  save(who: Who, draft: Draft): Promise<QueuedMove | null>;
}

const diskDrafts: DraftStorage = { read: readDraft, save: saveDraft };

/** One person's picking: what is being scanned, and what happens with a scan. The page subscribes; nothing here waits. */
export class Picking {
  private state: PickingState;
  private readonly listeners = new Set<() => void>();
  private channel: BroadcastChannel | null = null;
  private readonly asking: string[] = [];
  private readonly asked = new Set<string>();
  private lookUps = 0;
  /** Look-ups in a row that the server could not answer. */
  private unanswered = 0;
  private askAgain: number | undefined;
  /** While the draft is read in or confirmed, what is done to it waits: until the device is read, too. */
  private holds = 1;
  private readonly waiting: (() => void)[] = [];
  /** The disk refused the draft: the screen has the only copy. */
  private unwritten = false;
  private readonly who: Who;
  private siteId: string | null = null;

  constructor(
    private readonly device: PickingDevice,
    private readonly drafts: DraftStorage = diskDrafts,
  ) {
    this.who = { tenantId: device.user.tenantId, userId: device.user.id };
    this.state = { draft: emptyDraft(crypto.randomUUID()), said: ready(), receipt: null, confirming: 'no', recent: [] };
  }

  snapshot = (): PickingState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /**
   * Takes up what was being scanned when the page was left. The draft is one for all tabs: a tab in the background shows what
   * the active one does, and the one that becomes active reads what there is before it takes a scan.
   */
  start(): () => void {
    const channel = (this.channel = new BroadcastChannel('nervio-draft'));
    const whenReady = (): void => {
      if (!this.device.snapshot().ready) return;
      leave();
      void this.adopt(true).then(() => this.release());
    };
    const leave = this.device.subscribe(whenReady);
    whenReady();
    const unwatch = this.watch();
    const onMessage = (): void => {
      if (!document.hasFocus()) this.turn(() => void this.adopt(false));
    };
    const onActive = (): void => {
      if (document.visibilityState === 'visible') this.turn(() => void this.adopt(true));
    };
    channel.addEventListener('message', onMessage);
    window.addEventListener('focus', onActive);
    document.addEventListener('visibilitychange', onActive);
    return () => {
      leave();
      unwatch();
      window.clearTimeout(this.askAgain);
      window.removeEventListener('focus', onActive);
      document.removeEventListener('visibilitychange', onActive);
      channel.close();
      this.channel = null;
    };
  }

  /** Does something to the draft: at once, or when it is no longer being read in or confirmed. In order; nothing gets lost. */
  private turn(work: () => void): void {
    if (this.holds > 0) this.waiting.push(work);
    else work();
  }

  private async hold(work: () => Promise<void>): Promise<void> {
    this.holds += 1;
    try {
      await work();
    } finally {
      this.release();
    }
  }

  private release(): void {
    this.holds -= 1;
    // One of them may hold the draft itself (a scanned «confirm»): the rest goes after it.
    while (this.holds === 0) {
      const next = this.waiting.shift();
      if (!next) return;
      next();
    }
  }

  /** What could not be told at its scan is told when the catalogue or the network comes. */
  private watch(): () => void {
    let { locations, online } = this.device.snapshot();
    return this.device.subscribe(() => {
      const now = this.device.snapshot();
      if (now.locations !== locations) {
        locations = now.locations;
        this.turn(() => this.readAsChambers());
      }
      if (now.online !== online) {
        online = now.online;
        this.unanswered = 0;
        if (online) this.askUnchecked();
      }
    });
  }

  private readAsChambers(): void {
    const { locationByCode } = this.device.snapshot();
    for (const { code } of this.state.draft.lines) {
      const chamber = locationByCode.get(foldCode(code));
      if (!chamber) continue;
      this.edit(removeLine(this.state.draft, code));
      this.setDestination(chamber);
    }
  }

  /** Where the person says that they work; what is confirmed from now on says so too. */
  workAt(siteId: string | null): void {
    this.siteId = siteId;
  }

  /** From the scanner, or (`byHand`) typed and meant as it is. */
  scan(scan: Scan, byHand = false): void {
    this.turn(() => this.take(scan, byHand));
  }

  private take(scan: Scan, byHand: boolean): void {
    const command = Object.entries(commandCodes).find(
      ([, code]) => code === foldCode(scan.physical) || code === foldCode(scan.text),
    )?.[0];
    if (command === 'confirm') return void this.confirm();
    if (command === 'undo') return this.takeLastBack();
    if (command === 'next') return this.next();
    if (this.state.receipt) this.next();
    const { locationByCode, pallets } = this.device.snapshot();
    const found = resolve(scan, { locations: locationByCode, pallets });
    if (found.kind === 'location') return this.setDestination(found.location);
    this.addPallet(found.code, byHand);
  }

  choose(location: PlaceRef): void {
    this.turn(() => this.setDestination(location));
  }

  remove(code: string): void {
    this.turn(() => {
      this.edit(removeLine(this.state.draft, code));
      this.set({ said: ready() });
    });
  }

  undo(): void {
    this.turn(() => this.takeLastBack());
  }

  private setDestination(location: PlaceRef): void {
    const { draft } = this.state;
    if (draft.destination?.id === location.id)
      return this.say('duplicate', { key: 'destination_same', place: location.name });
    this.edit(setDestination(draft, location));
    this.set({ recent: [location.id, ...this.state.recent.filter((id) => id !== location.id)].slice(0, 3) });
    this.say('success', { key: 'destination', place: location.name });
  }

  private takeLastBack(): void {
    const last = this.state.draft.undo.at(-1);
    if (!last) return this.say('failure', { key: 'nothing_to_undo' });
    this.edit(undoLast(this.state.draft));
    this.say('duplicate', { key: 'undone', what: last.label });
  }

  /** Away from the receipt, to a new move. */
  next(): void {
    this.set({ receipt: null, said: ready() });
  }

  /**
   * On disk first, then the receipt. Nothing is lost when the disk refuses: the draft stays as it is. What is scanned
   * meanwhile belongs to the next move.
   */
  confirm(): Promise<void> {
    return new Promise((resolve) => this.turn(() => void this.hold(() => this.keepDraft()).then(resolve)));
  }

  private async keepDraft(): Promise<void> {
    const { draft, receipt } = this.state;
    const { going, held } = totals(draft);
    if (receipt || !draft.destination || going.length === 0) return;
    this.set({ confirming: 'saving' });
    const { id: userId, tenantId, name: userName } = this.device.user;
    const move: NewMove = {
      id: draft.id,
      tenantId,
      userId,
      userName,
      destination: draft.destination,
      // In the order of the scans. `from` only where the screen said where the pallet is, not where it once was.
      pallets: going
        .map(({ code, place, weightKg }) => ({
          code,
          weightKg,
          from: place?.certain ? (place.location?.id ?? null) : null,
        }))
        .reverse(),
      ...(this.siteId !== null && { siteId: this.siteId }),
      scannedAt: new Date().toISOString(),
    };
    try {
      const kept = await this.keep(move);
      giveFeedback('success');
      const left = held.map((line) => ({ code: line.code, why: problemOf(line, draft.destination) ?? '' }));
      this.set({
        draft: emptyDraft(crypto.randomUUID()),
        receipt: { moveId: kept.id, move: kept, held: left },
        confirming: 'no',
      });
      this.unwritten = false;
      this.channel?.postMessage('changed');
    } catch (error) {
      console.error('the move could not be kept', error);
      giveFeedback('failure');
      this.set({ confirming: 'failed' });
    }
  }

  /** Takes a move back that has not left the device, else asks the server to undo it. False when neither can be done now. */
  async undoMove(id: string): Promise<boolean> {
    const find = (): QueuedMove | undefined => this.device.snapshot().moves.find((move) => move.id === id);
    const move = find();
    if (move && canDiscard(move) && (await this.takeBack(move))) return true;
    // It may have left, or been taken back in another tab, while we waited for our turn.
    const now = find();
    if (now) return now.operation !== null && this.device.cancel(now.operation.id);
    this.turn(() => this.closeReceipt(id));
    return true;
  }

  /** Brings a move that has not left the device back onto the screen. False when it has left. */
  private async takeBack(move: QueuedMove): Promise<boolean> {
    if (!(await this.device.discard(move.id, canDiscard))) return false;
    this.turn(() => {
      this.closeReceipt(move.id);
      // Who went on scanning meanwhile gets no pallets of the undone move among the new ones.
      if (!isEmpty(this.state.draft)) return this.say('duplicate', { key: 'undone', what: move.destination.name });
      let draft = setDestination(emptyDraft(crypto.randomUUID()), move.destination);
      for (const { code } of move.pallets) draft = addLine(draft, this.lineOf(code));
      this.edit(draft);
      for (const { code } of move.pallets) this.ask(code);
    });
    return true;
  }

  private closeReceipt(moveId: string): void {
    if (this.state.receipt?.moveId === moveId) this.set({ receipt: null, said: ready() });
  }

  /** The same draft confirmed in another tab with other content: what that move does not have goes in one of its own. */
  private async keep(move: NewMove): Promise<QueuedMove> {
    const kept = await this.device.confirm(move);
    const there = new Set(kept.pallets.map(({ code }) => code));
    const rest = move.pallets.filter(({ code }) => !there.has(code) || kept.destination.id !== move.destination.id);
    return rest.length === 0 ? kept : this.device.confirm({ ...move, id: crypto.randomUUID(), pallets: rest });
  }

  private addPallet(code: string, byHand: boolean): void {
    const { draft } = this.state;
    if (hasLine(draft, code)) return this.say('duplicate', { key: 'duplicate', code });
    if (draft.lines.length >= maxPallets) return this.say('failure', { key: 'too_many', count: maxPallets });
    const known = this.device.snapshot().pallets;
    if (!byHand && this.device.isOffline() && !looksLikePallet(code, known))
      return this.say('failure', { key: 'unknown_offline', code });
    const line = this.lineOf(code);
    this.edit(addLine(draft, line));
    const problem = problemOf(line, draft.destination);
    if (problem !== null) this.say('failure', { key: 'problem', code, why: problem });
    else this.say('success', { key: 'added', code });
    this.ask(code);
  }

  /** A line from what this device knows. */
  private lineOf(code: string): Line {
    const { pallets, moves } = this.device.snapshot();
    const known = pallets.get(foldCode(code)) ?? null;
    const place = placeOf(code, known, this.movesOfTenant(moves), this.who.userId, serverNow());
    return {
      code,
      scannedAt: Date.now(),
      weightKg: known?.weightKg ?? null,
      product: known?.product ?? null,
      place,
      lookup: this.device.isOffline() ? 'unchecked' : 'asking',
      problem: null,
    };
  }

  private movesOfTenant(moves: readonly QueuedMove[]): QueuedMove[] {
    return moves.filter(({ tenantId }) => tenantId === this.who.tenantId);
  }

  /** Few at once: a browser has six connections to a server, and the live feed and the sending need theirs. */
  private ask(code: string): void {
    if (this.asked.has(code)) return;
    this.asked.add(code);
    this.asking.push(code);
    if (this.lookUps < lookUpsAtOnce) void this.answerAll();
  }

  private async answerAll(): Promise<void> {
    this.lookUps += 1;
    for (let code = this.asking.shift(); code !== undefined; code = this.asking.shift()) await this.complete(code);
    this.lookUps -= 1;
  }

  private askUnchecked(): void {
    window.clearTimeout(this.askAgain);
    this.askAgain = undefined;
    if (this.device.isOffline()) return;
    for (const { code, lookup } of this.state.draft.lines) if (lookup === 'unchecked') this.ask(code);
  }

  /** The network is there and the server has no answer (Odoo may be down): asked again, less and less often. */
  private askLater(): void {
    if (this.askAgain !== undefined || !this.channel) return;
    const ms = askAgainMs[Math.min(this.unanswered, askAgainMs.length - 1)] ?? 0;
    this.unanswered += 1;
    this.askAgain = window.setTimeout(() => this.askUnchecked(), ms);
  }

  private async complete(code: string): Promise<void> {
    const { draft } = this.state;
    const before = draft.lines.find((line) => line.code === code);
    if (!before) return void this.asked.delete(code);
    const answer = await this.device.lookUp(code, before.lookup === 'unchecked');
    const unknown = answer.kind === 'problem' && answer.code === 'unknown_pallet';
    const location = unknown ? await this.device.findLocation(code) : null;
    this.asked.delete(code);
    this.turn(() => {
      if (this.state.draft.id === draft.id) this.completed(before, answer, location);
      // The move went without it, and the same pallet is scanned again.
      else if (this.state.draft.lines.some((line) => line.code === code && line.lookup === 'asking')) this.ask(code);
    });
  }

  private completed(before: Line, answer: PalletAnswer, location: PlaceRef | null): void {
    const { draft } = this.state;
    const { code } = before;
    const line = draft.lines.find((one) => one.code === code);
    if (!line) return;
    if (location) {
      this.edit(removeLine(draft, code));
      return this.setDestination(location);
    }
    if (
      answer.kind === 'problem' &&
      answer.code === 'unknown_pallet' &&
      !draft.destination &&
      draft.lines.length === 1
    ) {
      // A chamber was asked for and this is none, nor a pallet: a wrong code, not a pallet that stays behind.
      this.edit(removeLine(draft, code));
      return this.say('failure', { key: 'unknown', code });
    }
    switch (answer.kind) {
      case 'found': {
        const { pallet } = answer;
        const moves = this.movesOfTenant(this.device.snapshot().moves);
        const place = placeOf(code, pallet, moves, this.who.userId, serverNow());
        const { weightKg, product, problem } = pallet;
        this.fill(completeLine(draft, code, { weightKg, product, problem, place, lookup: 'known' }));
        break;
      }
      case 'problem':
        this.fill(completeLine(draft, code, { problem: answer.code, lookup: 'known' }));
        break;
      case 'unauthenticated':
      case 'unreachable':
        if (line.lookup !== 'unchecked') this.fill(completeLine(draft, code, { lookup: 'unchecked' }));
        if (answer.kind === 'unreachable') this.askLater();
        return;
    }
    this.unanswered = 0;
    const after = this.state.draft.lines.find((line) => line.code === code);
    const why = after ? problemOf(after, this.state.draft.destination) : null;
    if (why === null || why === problemOf(before, this.state.draft.destination)) return;
    this.say('failure', why === 'unknown_pallet' ? { key: 'unknown', code } : { key: 'problem', code, why });
  }

  /** Shows the draft that is on the disk, whole; nothing there means that it was confirmed. `ask`: this is the active tab. */
  private adopt(ask: boolean): Promise<void> {
    return this.hold(async () => {
      if (this.unwritten) return;
      try {
        const stored = await this.drafts.read(this.who);
        if (stored) this.set({ draft: stored });
        else if (!isEmpty(this.state.draft)) this.set({ draft: emptyDraft(crypto.randomUUID()) });
      } catch (error) {
        console.error('the draft could not be read', error);
        return;
      }
      if (!ask) return;
      for (const { code, lookup } of this.state.draft.lines) if (lookup === 'asking') this.ask(code);
      this.askUnchecked();
    });
  }

  /** Every change is on its way to the disk at once, so that a reload or an empty battery loses no scan. */
  private edit(draft: Draft): void {
    if (draft === this.state.draft) return;
    this.set({ draft, confirming: this.state.confirming === 'failed' ? 'no' : this.state.confirming });
    void this.drafts.save(this.who, draft).then(
      (confirmed) => {
        this.unwritten = false;
        if (confirmed) this.turn(() => this.leave(confirmed));
        else this.channel?.postMessage('changed');
      },
      (error: unknown) => {
        this.unwritten = true;
        console.error('the draft could not be kept', error);
      },
    );
  }

  /** What the server says of a line. Only the active tab writes it down: another one's copy may be older than the disk's. */
  private fill(draft: Draft): void {
    if (document.hasFocus()) this.edit(draft);
    else this.set({ draft });
  }

  /** This draft has been confirmed in another tab: what was scanned here since is a move of its own. */
  private leave(confirmed: QueuedMove): void {
    const { draft } = this.state;
    if (draft.id !== confirmed.id) return;
    const there = new Set(confirmed.pallets.map(({ code }) => code));
    const lines = draft.lines.filter(({ code }) => !there.has(code));
    const { destination } = draft;
    if (lines.length === 0 && destination?.id === confirmed.destination.id) return void this.adopt(true);
    this.edit({ ...emptyDraft(crypto.randomUUID()), destination, lines });
  }

  private say(kind: Feedback, what: SaidWhat): void {
    giveFeedback(kind);
    this.set({ said: { ...what, kind, at: performance.now() } as Said });
  }

  private set(change: Partial<PickingState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function ready(): Said {
  return { at: 0, kind: 'ready', key: 'ready' };
}
