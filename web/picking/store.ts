import type { Device } from '../offline/device';
import { readDraft, saveDraft } from '../offline/db';
import { placeOf } from '../offline/places';
import type { NewMove, PlaceRef, QueuedMove } from '../offline/queue';
import { type Feedback, giveFeedback } from '../scan/feedback';
import type { Scan } from '../scan/scanner';
import {
  addLine,
  completeLine,
  type Draft,
  emptyDraft,
  hasLine,
  type Line,
  maxPallets,
  problemOf,
  removeLine,
  setDestination,
  totals,
  undoLast,
} from './draft';
import { foldCode, looksLikePallet, resolve } from './resolve';

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

/** Scanned into any screen: a printed sheet with these makes everything possible by scanner alone. */
export const commandCodes = { confirm: 'NERVIO-CONFIRMAR', undo: 'NERVIO-DESHACER', next: 'NERVIO-SIGUIENTE' } as const;

const lookUpsAtOnce = 3;

/** One person's picking: what is being scanned, and what happens with a scan. The page subscribes; nothing here waits. */
export class Picking {
  private state: PickingState;
  private readonly listeners = new Set<() => void>();
  private readonly channel = new BroadcastChannel('nervio-draft');
  private readonly asking: string[] = [];
  private lookUps = 0;
  /** Scanned before the device was read: it could not be told yet what the codes mean. */
  private early: (() => void)[] = [];
  private readonly who: { tenantId: string; userId: string };

  constructor(private readonly device: Device) {
    this.who = { tenantId: device.user.tenantId, userId: device.user.id };
    this.state = { draft: emptyDraft(crypto.randomUUID()), said: ready(), receipt: null, confirming: 'no', recent: [] };
  }

  snapshot = (): PickingState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes up what was being scanned when the page was left, and follows the other tabs while it is not the active one. */
  start(): () => void {
    const whenReady = (): void => {
      if (!this.device.snapshot().ready) return;
      leave();
      void this.adopt().then(() => {
        for (const scan of this.early.splice(0)) scan();
      });
    };
    const leave = this.device.subscribe(whenReady);
    whenReady();
    const unwatch = this.watch();
    const onMessage = (): void => {
      if (!document.hasFocus()) void this.adopt();
    };
    this.channel.addEventListener('message', onMessage);
    return () => {
      leave();
      unwatch();
      this.channel.removeEventListener('message', onMessage);
    };
  }

  /** What could not be told at its scan is told when the catalogue or the network comes. */
  private watch(): () => void {
    let { locations, online } = this.device.snapshot();
    return this.device.subscribe(() => {
      const now = this.device.snapshot();
      if (now.locations !== locations) {
        locations = now.locations;
        for (const { code } of this.state.draft.lines) {
          const chamber = now.locationByCode.get(foldCode(code));
          if (!chamber) continue;
          this.edit(removeLine(this.state.draft, code));
          this.choose(chamber);
        }
      }
      if (now.online !== online) {
        online = now.online;
        if (online) for (const { code, lookup } of this.state.draft.lines) if (lookup === 'unchecked') this.ask(code);
      }
    });
  }

  /** From the scanner, or (`byHand`) typed and meant as it is. */
  scan(scan: Scan, byHand = false): void {
    if (!this.device.snapshot().ready) {
      this.early.push(() => this.scan(scan, byHand));
      return;
    }
    const command = Object.entries(commandCodes).find(
      ([, code]) => code === foldCode(scan.physical) || code === foldCode(scan.text),
    )?.[0];
    if (command === 'confirm') return void this.confirm();
    if (command === 'undo') return this.undo();
    if (command === 'next') return this.next();
    if (this.state.receipt) this.next();
    const { locationByCode, pallets } = this.device.snapshot();
    const found = resolve(scan, { locations: locationByCode, pallets });
    if (found.kind === 'location') return this.choose(found.location);
    this.addPallet(found.code, byHand);
  }

  choose(location: PlaceRef): void {
    const { draft } = this.state;
    if (draft.destination?.id === location.id)
      return this.say('duplicate', { key: 'destination_same', place: location.name });
    this.edit(setDestination(draft, location));
    this.set({ recent: [location.id, ...this.state.recent.filter((id) => id !== location.id)].slice(0, 3) });
    this.say('success', { key: 'destination', place: location.name });
  }

  remove(code: string): void {
    this.edit(removeLine(this.state.draft, code));
    this.set({ said: ready() });
  }

  undo(): void {
    const last = this.state.draft.undo.at(-1);
    if (!last) return this.say('failure', { key: 'nothing_to_undo' });
    this.edit(undoLast(this.state.draft));
    this.say('duplicate', { key: 'undone', what: last.label });
  }

  /** Away from the receipt, to a new move. */
  next(): void {
    this.set({ receipt: null, said: ready() });
  }

  /** On disk first, then the receipt. Nothing is lost when the disk refuses: the draft stays as it is. */
  async confirm(): Promise<void> {
    const { draft, confirming, receipt } = this.state;
    const { going, held } = totals(draft);
    if (confirming === 'saving' || receipt || !draft.destination || going.length === 0) return;
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
      this.channel.postMessage('changed');
    } catch (error) {
      console.error('the move could not be kept', error);
      giveFeedback('failure');
      this.set({ confirming: 'failed' });
    }
  }

  /** Brings a move that has not left the device back onto the screen. */
  async takeBack(move: QueuedMove, allowed: (move: QueuedMove) => boolean): Promise<void> {
    await this.device.discard(move.id, allowed);
    if (this.device.snapshot().moves.some(({ id }) => id === move.id)) return;
    let draft = setDestination(emptyDraft(crypto.randomUUID()), move.destination);
    for (const { code } of move.pallets) draft = addLine(draft, this.lineOf(code));
    this.edit(draft);
    this.set({ receipt: null, said: ready() });
    for (const { code } of move.pallets) this.ask(code);
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
    const now = Date.now();
    const place = placeOf(code, known, this.movesOfTenant(moves), this.who.userId, now);
    return {
      code,
      scannedAt: now,
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
    this.asking.push(code);
    if (this.lookUps < lookUpsAtOnce) void this.answerAll();
  }

  private async answerAll(): Promise<void> {
    this.lookUps += 1;
    for (let code = this.asking.shift(); code !== undefined; code = this.asking.shift()) await this.complete(code);
    this.lookUps -= 1;
  }

  private async complete(code: string): Promise<void> {
    const before = this.state.draft.lines.find((line) => line.code === code);
    if (!before) return;
    const answer = await this.device.lookUp(code);
    if (!hasLine(this.state.draft, code)) return;
    if (answer.kind === 'problem' && answer.code === 'unknown_pallet') {
      const location = await this.device.findLocation(code);
      if (location) {
        this.edit(removeLine(this.state.draft, code));
        return this.choose(location);
      }
    }
    const { draft } = this.state;
    switch (answer.kind) {
      case 'found': {
        const { pallet } = answer;
        const place = placeOf(
          code,
          pallet,
          this.movesOfTenant(this.device.snapshot().moves),
          this.who.userId,
          Date.now(),
        );
        const { weightKg, product, problem } = pallet;
        this.edit(completeLine(draft, code, { weightKg, product, problem, place, lookup: 'known' }));
        break;
      }
      case 'problem':
        this.edit(completeLine(draft, code, { problem: answer.code, lookup: 'known' }));
        break;
      case 'unauthenticated':
      case 'unreachable':
        this.edit(completeLine(draft, code, { lookup: 'unchecked' }));
        return;
    }
    const after = this.state.draft.lines.find((line) => line.code === code);
    const why = after ? problemOf(after, this.state.draft.destination) : null;
    if (why === null || why === problemOf(before, this.state.draft.destination)) return;
    this.say('failure', why === 'unknown_pallet' ? { key: 'unknown', code } : { key: 'problem', code, why });
  }

  private async adopt(): Promise<void> {
    const stored = await readDraft(this.who).catch(() => undefined);
    if (!stored) return;
    // What was scanned here before the disk answered stays on top.
    const fresh = this.state.draft.lines.filter(
      (line) => this.state.draft.id !== stored.id && !hasLine(stored, line.code),
    );
    const draft = {
      ...stored,
      destination: this.state.draft.destination ?? stored.destination,
      lines: [...fresh, ...stored.lines],
    };
    this.set({ draft });
    for (const line of draft.lines) if (line.lookup === 'asking') this.ask(line.code);
  }

  /** Every change is on its way to the disk at once, so that a reload or an empty battery loses no scan. */
  private edit(draft: Draft): void {
    if (draft === this.state.draft) return;
    this.set({ draft, confirming: this.state.confirming === 'failed' ? 'no' : this.state.confirming });
    void saveDraft(this.who, draft).then(
      () => this.channel.postMessage('changed'),
      (error: unknown) => console.error('the draft could not be kept', error),
    );
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
