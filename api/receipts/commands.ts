import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { audit } from '../../store/audit';
import { findMailConnection } from '../../store/connections';
import { addReceiptMail, mailsOfSale } from '../../store/receipts';
import { lockSale } from '../../store/sale-views';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { visibleSale } from '../sales/queries';
import type { ReceiptMail, ReceiptRequest } from './schemas';
import { mailView } from './views';

/** So often the receipt of one sale goes by mail: who needs it more often means something else. */
const mostMails = 10;

/**
 * SALE-05: sends the receipt of a sale, a void or a return to an address, now or as soon as the mail server is back. One that is
 * on its way there already is not sent a second time.
 * @throws NervioError not_found, no_mail_server, too_many_receipts
 */
export async function mailReceipt(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: ReceiptRequest,
  key: string,
): Promise<CommandResult<ReceiptMail>> {
  const path = `/api/v1/sales/${id}/receipt`;
  const command = { actor, permission: 'sales.make', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const sale = await visibleSale(tx, actor, id);
    if ((await findMailConnection(tx)) === null) throw new NervioError('no_mail_server');
    await lockSale(tx, sale.id);
    const to = input.email.toLowerCase();
    const mails = await mailsOfSale(tx, sale.id);
    const onItsWay = mails.find((mail) => mail.to === to && mail.sentAt === null && mail.refused === null);
    if (onItsWay) return { status: 202, body: mailView(onItsWay) };
    if (mails.length >= mostMails) throw new NervioError('too_many_receipts', { most: mostMails });
    const mail = await addReceiptMail(tx, sale.id, to);
    await audit(tx, actor, {
      action: 'receipt.mailed',
      entityType: 'sale',
      entityId: sale.id,
      after: { to },
      operationId: sale.operationId,
    });
    return { status: 202, body: mailView(mail) };
  });
}
