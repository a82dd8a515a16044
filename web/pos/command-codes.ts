import type { PaymentMethod } from '../../domain/till';

/** What a scanner can say besides products; printed on a sheet beside the till (/pos/codes). */
export const commandCodes = {
  charge: 'NERVIO-COBRAR',
  cash: 'NERVIO-EFECTIVO',
  card: 'NERVIO-TARJETA',
  transfer: 'NERVIO-TRANSFERENCIA',
  confirm: 'NERVIO-CONFIRMAR',
  next: 'NERVIO-SIGUIENTE',
  more: 'NERVIO-UNO-MAS',
  less: 'NERVIO-UNO-MENOS',
  undo: 'NERVIO-DESHACER',
  park: 'NERVIO-GUARDAR',
  print: 'NERVIO-IMPRIMIR',
} as const;

export type Command = keyof typeof commandCodes;

const notePattern = /^NERVIO-BILLETE-(\d{1,9})$/;
export const noteCode = (amount: number): string => `NERVIO-BILLETE-${amount}`;

export type Spoken = { command: Command } | { note: number };

/** A command or a note of money among the readings of a scan; null = it is a product's code. */
export function spokenBy(readings: readonly string[]): Spoken | null {
  for (const reading of readings) {
    const code = reading.trim().toUpperCase();
    const command = (Object.keys(commandCodes) as Command[]).find((name) => commandCodes[name] === code);
    if (command) return { command };
    const note = notePattern.exec(code)?.[1];
    if (note !== undefined) return { note: Number(note) };
  }
  return null;
}

export const methodOf = (command: Command): PaymentMethod | null =>
  command === 'cash' || command === 'card' || command === 'transfer' ? command : null;
