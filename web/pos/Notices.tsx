import { IconAlertOctagon, IconReceiptRefund, IconTicket } from '@tabler/icons-react';
import classes from './Notice.module.css';
import type { Pos, PosState } from './store';
import { refusalWords, type Wording } from './words';

/** What has to be known before going on, each with what mends it. */
export function Notices({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t } = wording;
  const { trouble, cart, unsaved } = state;
  return (
    <>
      {unsaved && (
        <p className={classes.notice} data-kind="warn" role="alert">
          <IconAlertOctagon size={26} aria-hidden /> <span>{t('unsaved')}</span>
        </p>
      )}
      {trouble !== null && trouble.due === null && (
        <div className={classes.notice} data-kind="bad" role="alert" data-testid="trouble">
          <IconAlertOctagon size={28} aria-hidden />
          <span>{refusalWords(trouble, wording)}</span>
          <button type="button" className={classes.action} onClick={() => pos.mendTrouble()}>
            {trouble.code === 'register_closed'
              ? t('mend.open_register')
              : trouble.code === 'unknown_register'
                ? t('mend.choose_register')
                : trouble.code === 'ticket_ended' || trouble.code === 'unknown_ticket'
                  ? t('mend.without_ticket')
                  : t('mend.understood')}
          </button>
        </div>
      )}
      {cart.mode === 'return' && (
        <div className={classes.notice} data-kind="return" role="status" data-testid="return-mode">
          <IconReceiptRefund size={28} aria-hidden />
          <span>{t('cart.label_return')}</span>
          <button type="button" className={classes.action} onClick={() => pos.leaveReturn()}>
            {t('sales.without_stop')}
          </button>
        </div>
      )}
      {cart.ticket && (
        <p className={classes.notice} data-kind="info">
          <IconTicket size={26} aria-hidden />
          <span>
            {cart.ticket.name === null ? t('cart.ticket_unnamed') : t('cart.ticket', { name: cart.ticket.name })}
          </span>
        </p>
      )}
    </>
  );
}
