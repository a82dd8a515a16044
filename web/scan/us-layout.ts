/** What each physical key types on a US keyboard: [plain, with Shift]. A wedge that thinks it is a US keyboard sends these. */
const pairs: Record<string, readonly [string, string]> = {
  Space: [' ', ' '],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Backquote: ['`', '~'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  NumpadDecimal: ['.', '.'],
  NumpadDivide: ['/', '/'],
  NumpadMultiply: ['*', '*'],
  NumpadSubtract: ['-', '-'],
  NumpadAdd: ['+', '+'],
};
const shiftedDigits = ')!@#$%^&*(';

/** The character that a US keyboard would have typed for this physical key; null when it types none. */
export function usCharacter(code: string, shift: boolean, capsLock = false): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift !== capsLock ? letter : letter.toLowerCase();
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shift && code.startsWith('Digit') ? (shiftedDigits[Number(digit)] ?? digit) : digit;
  return pairs[code]?.[shift ? 1 : 0] ?? null;
}
