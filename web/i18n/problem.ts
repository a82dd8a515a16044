import { errors, isErrorCode } from '../../domain/errors';
import type { Locale } from './resources';

/** The catalogue's sentence for a code, in the reader's language; unknown codes fall back to the given text. */
export function problemText(code: string, locale: Locale, fallback?: string): string {
  if (isErrorCode(code)) return errors[code][locale];
  return fallback ?? errors.internal[locale];
}
