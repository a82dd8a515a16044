/** As much of MIME (RFC 2045…2047) as the inbox needs to show what came. */
export interface ReadMessage {
  messageId: string | null;
  subject: string;
  text: string;
  html: string;
  attachments: ReadAttachment[];
}

export interface ReadAttachment {
  name: string;
  contentType: string;
  content: Buffer;
}

interface Part {
  headers: Map<string, string>;
  body: string;
}

function split(raw: string): Part {
  const at = raw.search(/\r?\n\r?\n/);
  const head = at < 0 ? raw : raw.slice(0, at);
  const body = at < 0 ? '' : raw.slice(at).replace(/^\r?\n\r?\n/, '');
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body };
}

const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );

function decoded({ headers, body }: Part): Buffer {
  switch (headers.get('content-transfer-encoding')?.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return quotedPrintable(body);
    default:
      return Buffer.from(body, 'latin1');
  }
}

const isAttachment = ({ headers }: Part): boolean => /^attachment\b/i.test(headers.get('content-disposition') ?? '');

function attachmentOf(part: Part): ReadAttachment {
  const name = /filename="?([^";]+)"?/i.exec(part.headers.get('content-disposition') ?? '')?.[1] ?? '';
  const [contentType = ''] = (part.headers.get('content-type') ?? '').split(';');
  return { name: words(name), contentType: contentType.trim(), content: decoded(part) };
}

/** `=?UTF-8?Q?Boleta_N=C2=B0_12?=` → «Boleta N° 12». */
function words(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : quotedPrintable(text.replaceAll('_', ' ')).toString('utf8'),
    );
}

function leaves(part: Part): Part[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(part.headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined) return [part];
  const pieces = part.body.split(`--${boundary}`).slice(1, -1);
  return pieces.flatMap((piece) => leaves(split(piece.replace(/^\r?\n|\r?\n$/g, ''))));
}

/** @param raw the bytes as latin1, so that nothing is lost */
export function readMessage(raw: string): ReadMessage {
  const whole = split(raw);
  const parts = leaves(whole);
  const of = (type: string): string => {
    const found = parts.find(
      (part) => !isAttachment(part) && (part.headers.get('content-type') ?? 'text/plain').startsWith(type),
    );
    return found ? decoded(found).toString('utf8').replaceAll('\r\n', '\n') : '';
  };
  return {
    messageId: whole.headers.get('message-id') ?? null,
    subject: words(whole.headers.get('subject') ?? ''),
    text: of('text/plain'),
    html: of('text/html'),
    attachments: parts.filter(isAttachment).map(attachmentOf),
  };
}
