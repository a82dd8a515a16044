import { buffer } from 'node:stream/consumers';
import { MailError } from '../../connectors/mail/errors';
import type { Mail, Mailer } from '../../connectors/mail/mailer';
import { type Receipt, receiptFileName } from '../../domain/receipt';
import { receiptLetter } from '../../domain/receipt-letter';
import type { Database } from '../../store/db';
import { receiptPdf } from '../../store/receipt-pdf';
import { beginTry, endTry, readReceipt, type OpenReceipt, type TryEnd } from '../../store/receipts';

/** What became of a mail. `later` carries what stands in the way; `busy`: somebody else is sending it just now. */
export type ReceiptEnd = TryEnd | { end: 'busy' };

/** So long a receipt is tried; a customer who waited three days has no more use for it. */
export const givesUpAfterMs = 3 * 24 * 3_600_000;

/**
 * Sends one receipt. Its row says so before and after, so that one that went is not sent again. Where the answer of the
 * server is lost nobody knows: SMTP has no question for it, so it is sent again under the same Message-ID, which mail
 * programs show once. At least once, then, and never twice without a reason.
 */
export async function sendReceipt(
  db: Database,
  mailer: Mailer,
  tenantId: string,
  receipt: OpenReceipt,
  signal: AbortSignal,
): Promise<{ result: ReceiptEnd; again: boolean; error: MailError | null }> {
  const { mailId, saleId, recipient, createdAt } = receipt;
  const finish = async (result: TryEnd, again: boolean, error: MailError | null = null) => {
    await db.withTenant(tenantId, (tx) => endTry(tx, mailId, result));
    return { result, again, error };
  };
  if (Date.now() - createdAt.getTime() > givesUpAfterMs) return finish({ end: 'refused', reason: 'given_up' }, false);
  const message = await messageOf(await db.withTenant(tenantId, (tx) => readReceipt(tx, saleId)));
  const { begun, lastUnknown } = await db.withTenant(tenantId, (tx) => beginTry(tx, mailId));
  if (!begun) return { result: { end: 'busy' }, again: false, error: null };
  try {
    await mailer.send({ ...message, messageId: messageIdOf(mailId), to: recipient }, signal);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    if (error.errorClass === 'refused') return finish({ end: 'refused', reason: error.message }, lastUnknown, error);
    const unknown = error.errorClass === 'unknown_outcome';
    const later = await finish(
      { end: 'later', error: unknown || lastUnknown ? 'unknown' : error.message },
      lastUnknown,
      error,
    );
    // We broke it off ourselves: that says nothing of the server.
    signal.throwIfAborted();
    return later;
  }
  return finish({ end: 'sent' }, lastUnknown);
}

/** The same for every try of a mail. */
export const messageIdOf = (mailId: string): string => `<${mailId}@receipts.nervio>`;

/** The receipt to read, and the same as a file to keep. */
async function messageOf(receipt: Receipt): Promise<Omit<Mail, 'messageId' | 'to'>> {
  const content = await buffer(receiptPdf(receipt));
  const file = { filename: receiptFileName(receipt), contentType: 'application/pdf', content };
  return { ...receiptLetter(receipt), attachments: [file] };
}
