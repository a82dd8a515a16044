import { type Receipt, receiptText } from './receipt';

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The receipt as a mail, in the language of the business's customers. */
export function receiptLetter(receipt: Receipt): Letter {
  const said = receiptText(receipt);
  const total = said.sums.find(({ strong }) => strong)?.amount ?? '';
  const where = said.where.join(' · ');
  const text = [
    said.business,
    where,
    `${said.title} · ${said.when.join(' · ')}`,
    ...(said.mark === null ? [] : ['', `*** ${said.mark} ***`]),
    ...said.notes,
    '',
    ...said.lines.flatMap((line) => [
      line.name,
      `  ${line.detail}  ${line.total}${line.saved === null ? '' : `  (${line.saved})`}`,
    ]),
    '',
    ...said.sums.map(({ name, amount }) => `${name}: ${amount}`),
    ...(said.end === '' ? [] : ['', said.end]),
    '',
  ].join('\n');

  const paragraph = (content: string): string => `<p style="margin:.2rem 0">${content}</p>`;
  const row = (left: string, right: string, strong = false): string => {
    const tag = strong ? 'th' : 'td';
    return `<tr><${tag} style="text-align:left;padding:4px 0">${left}</${tag}><${tag} style="text-align:right;vertical-align:bottom;padding:4px 0">${escaped(right)}</${tag}></tr>`;
  };
  const html = [
    '<div style="font-family:system-ui,sans-serif;max-width:32rem">',
    `<h1 style="font-size:1.2rem;margin:0">${escaped(said.business)}</h1>`,
    paragraph(escaped(where)),
    paragraph(`<strong>${escaped(said.title)}</strong> · ${said.when.map(escaped).join('<br>')}`),
    ...(said.mark === null ? [] : [paragraph(`<strong style="color:#c92a2a">${escaped(said.mark)}</strong>`)]),
    ...said.notes.map((note) => paragraph(escaped(note))),
    '<table style="width:100%;border-collapse:collapse">',
    ...said.lines.map(({ name, detail, total: amount, saved }) =>
      row([name, detail, ...(saved === null ? [] : [saved])].map(escaped).join('<br>'), amount),
    ),
    ...said.sums.map(({ name, amount, strong }) => row(escaped(name), amount, strong)),
    '</table>',
    ...(said.end === '' ? [] : [paragraph(escaped(said.end))]),
    '</div>',
  ].join('\n');
  return { subject: [said.title, said.business, total].join(' · '), text, html };
}

/** Enough of an address to know it again, for those who look at operations: «an…@cliente.test». */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${address.slice(0, Math.min(2, at))}…${address.slice(at)}`;
}
