import type { ReceiptMailRecord } from '../../store/receipts';
import type { ReceiptMail } from './schemas';

export const mailView = ({ id, to, at, sentAt, refused }: ReceiptMailRecord): ReceiptMail => ({
  id,
  to,
  at: at.toISOString(),
  state: sentAt !== null ? 'sent' : refused !== null ? 'refused' : 'waiting',
  sentAt: sentAt?.toISOString() ?? null,
  reason: refused,
});
