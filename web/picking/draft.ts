import type { PlaceRef } from '../offline/queue';
import type { ShownPlace } from '../offline/places';

export const maxPallets = 500;

/** One scanned pallet. What is not known yet is null and completed in the background. */
export interface Line {
  code: string;
  scannedAt: number;
  weightKg: number | null;
  product: string | null;
  place: ShownPlace | null;
  /** 'asking': the server is being asked. 'unchecked': it could not be asked; it will check when the move is sent. */
  lookup: 'asking' | 'known' | 'unchecked';
  /** Why it cannot go; a code of the error catalogue. Such a line stays visible and is not part of the move. */
  problem: string | null;
}

interface Undo {
  label: string;
  destination: PlaceRef | null;
  /** The code that this scan added, if it did. */
  added: string | null;
}

/** What is on the screen and not confirmed yet. Its id becomes the id of the move: confirming twice is one move. */
export interface Draft {
  id: string;
  destination: PlaceRef | null;
  /** Newest first. */
  lines: Line[];
  undo: Undo[];
}

export function emptyDraft(id: string): Draft {
  return { id, destination: null, lines: [], undo: [] };
}

const maxUndo = 50;

export function setDestination(draft: Draft, destination: PlaceRef): Draft {
  if (draft.destination?.id === destination.id) return draft;
  const undo: Undo = { label: destination.name, destination: draft.destination, added: null };
  return { ...draft, destination, undo: [...draft.undo, undo].slice(-maxUndo) };
}

export function addLine(draft: Draft, line: Line): Draft {
  const undo: Undo = { label: line.code, destination: draft.destination, added: line.code };
  return { ...draft, lines: [line, ...draft.lines], undo: [...draft.undo, undo].slice(-maxUndo) };
}

export function isEmpty(draft: Draft): boolean {
  return draft.destination === null && draft.lines.length === 0;
}

export function hasLine(draft: Draft, code: string): boolean {
  return draft.lines.some((line) => line.code === code);
}

/** What arrived from the server for a line; nothing when the line was taken out meanwhile. */
export function completeLine(draft: Draft, code: string, known: Partial<Line>): Draft {
  if (!hasLine(draft, code)) return draft;
  return { ...draft, lines: draft.lines.map((line) => (line.code === code ? { ...line, ...known } : line)) };
}

export function removeLine(draft: Draft, code: string): Draft {
  return {
    ...draft,
    lines: draft.lines.filter((line) => line.code !== code),
    undo: draft.undo.filter((undo) => undo.added !== code),
  };
}

/** Takes the last scan back: the pallet that it added, or the destination that it changed. */
export function undoLast(draft: Draft): Draft {
  const last = draft.undo.at(-1);
  if (!last) return draft;
  const undo = draft.undo.slice(0, -1);
  if (last.added !== null) return { ...draft, undo, lines: draft.lines.filter((line) => line.code !== last.added) };
  return { ...draft, undo, destination: last.destination };
}

/** Why this line is not part of the move, if so: what the server said of it, or that it is there already. */
export function problemOf(line: Line, destination: PlaceRef | null): string | null {
  if (line.problem !== null) return line.problem;
  if (destination !== null && line.place?.certain === true && line.place.location?.id === destination.id)
    return 'same_location';
  return null;
}

export interface Totals {
  /** Lines that will go. */
  going: Line[];
  /** Lines that cannot. */
  held: Line[];
  kg: number;
  /** How many of the going ones have no known weight. */
  unweighed: number;
}

export function totals(draft: Draft): Totals {
  const going = draft.lines.filter((line) => problemOf(line, draft.destination) === null);
  return {
    going,
    held: draft.lines.filter((line) => problemOf(line, draft.destination) !== null),
    kg: going.reduce((sum, line) => sum + Math.round((line.weightKg ?? 0) * 1000), 0) / 1000,
    unweighed: going.filter((line) => line.weightKg === null).length,
  };
}
