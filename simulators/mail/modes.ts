/** The faults that `/_control` switches on. */
export const modes = ['ok', 'down', 'slow', 'error', 'throttle', 'apply_then_drop'] as const;
export type Mode = (typeof modes)[number];

export interface Setting {
  mode: Mode;
  ms: number;
  /** Reply code of `error`. */
  status: number;
  /** For how many more mails; null = until told otherwise. */
  left: number | null;
}

export const ok: Setting = { mode: 'ok', ms: 0, status: 250, left: null };

/** A body that /_control does not understand: HTTP 400 with this text. */
export class BadControl extends Error {}

/** @throws BadControl */
export function readSetting(body: Record<string, unknown>): Setting {
  const mode = modes.find((one) => one === body.mode);
  if (mode === undefined) throw new BadControl(`mode must be one of ${modes.join(', ')}`);
  const whole = (name: string, fallback: number | null): number | null => {
    const value = body[name];
    if (value === undefined) return fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new BadControl(`${name} must be a whole number from 0`);
    }
    return value;
  };
  const left = whole('times', null);
  if (left === 0) return ok;
  // 451: «local error in processing»; 554 would be about the mail.
  return { mode, ms: whole('ms', 120_000) ?? 0, status: whole('status', 451) ?? 451, left };
}
