/** Pictures that are taken: what every browser shows and what carries no script. */
export const imageTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type ImageType = (typeof imageTypes)[number];

export const mostImageBytes = 5 * 1_048_576;
export const mostImages = 12;

const starts = (bytes: Uint8Array, at: number, ...expected: number[]): boolean =>
  expected.every((byte, index) => bytes[at + index] === byte);

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** What the bytes are, whatever their sender calls them; null = none of ours. Signatures: PNG §5.2, JFIF/Exif SOI, RFC 9649. */
export function imageTypeOf(bytes: Uint8Array): ImageType | null {
  if (starts(bytes, 0, 0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a)) return 'image/png';
  if (starts(bytes, 0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(bytes, 0, ...ascii('RIFF')) && starts(bytes, 8, ...ascii('WEBP'))) return 'image/webp';
  return null;
}
