import { type Static, Type } from 'typebox';
import { Id, Input, Instant, Nullable } from '../schemas';

export const ReceiptRequest = Input({ email: Type.String({ format: 'email', maxLength: 254 }) });
export type ReceiptRequest = Static<typeof ReceiptRequest>;

export const ReceiptMail = Type.Object({
  id: Id(),
  to: Type.String(),
  at: Instant,
  state: Type.Enum(['waiting', 'sent', 'refused'], {
    description: 'waiting: it goes by itself, at the latest when the mail server is back',
  }),
  sentAt: Nullable(Instant),
  reason: Nullable(
    Type.String({
      description: 'Of refused: given_up, no_mail_connection, stopped_by_person, or what the server said',
    }),
  ),
});
export type ReceiptMail = Static<typeof ReceiptMail>;
