import {
  IconArrowBackUp,
  IconBookmarkPlus,
  IconCashRegister,
  IconKeyboard,
  IconReceipt,
  IconTicket,
} from '@tabler/icons-react';
import { Button, Key } from './Button';
import { isEmpty, obstacleOf, totalsOf } from './cart';
import classes from './ChargePanel.module.css';
import { keys } from './key-names';
import type { Pos, PosState } from './store';
import type { Wording } from './words';

/** What it comes to and the largest thing on the screen: to charge it. */
export function ChargeBar({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t, money } = wording;
  const { cart } = state;
  const { total, tax, pieces } = totalsOf(cart);
  const obstacle = obstacleOf(cart);
  return (
    <div className={classes.charge}>
      <p className={classes.total}>
        <span>
          {t('total')}
          <small>{t('pieces', { count: pieces })}</small>
        </span>
        <strong className="nv-figures" data-testid="total">
          {money(total)}
        </strong>
        <small className={`nv-figures ${classes.tax}`}>{`${t('tax')}: ${money(tax)}`}</small>
      </p>
      <button
        type="button"
        className={classes.button}
        data-mode={cart.mode}
        data-able={obstacle === null}
        disabled={isEmpty(cart)}
        onClick={() => pos.pay()}
        aria-keyshortcuts={keys.charge}
        data-testid="charge"
      >
        <span>
          {cart.mode === 'return' ? t('charge.button_return') : t('charge.button')} <Key>{keys.charge}</Key>
        </span>
        <small>{obstacle && obstacle.why !== 'empty' ? t(`blocked.${obstacle.why}`) : null}</small>
      </button>
    </div>
  );
}

/** Everything else, one press away. */
export function Actions({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t } = wording;
  const { cart } = state;
  const last = cart.undo.at(-1);
  return (
    <div className={classes.actions}>
      <Button
        icon={<IconArrowBackUp size={24} aria-hidden />}
        disabled={!last}
        onClick={() => pos.undo()}
        aria-label={last ? t('action.undo_what', { what: last.label }) : t('action.undo')}
        aria-keyshortcuts="Control+Z"
      >
        {t('action.undo')}
      </Button>
      <Button
        icon={<IconBookmarkPlus size={24} aria-hidden />}
        disabled={isEmpty(cart) || cart.mode === 'return'}
        onClick={() => pos.show('park')}
        aria-keyshortcuts={keys.park}
        hint={keys.park}
      >
        {t('action.park')}
      </Button>
      <Button
        icon={<IconTicket size={24} aria-hidden />}
        onClick={() => pos.show('tickets')}
        aria-keyshortcuts={keys.tickets}
        hint={keys.tickets}
      >
        {t('action.tickets')}
      </Button>
      <Button
        icon={<IconReceipt size={24} aria-hidden />}
        onClick={() => pos.show('sales')}
        aria-keyshortcuts={keys.sales}
        hint={keys.sales}
      >
        {t('action.sales')}
      </Button>
      <Button
        icon={<IconCashRegister size={24} aria-hidden />}
        onClick={() => pos.show('register')}
        aria-keyshortcuts={keys.register}
        hint={keys.register}
      >
        {t('action.register')}
      </Button>
      <Button
        icon={<IconKeyboard size={24} aria-hidden />}
        onClick={() => pos.show('keys')}
        aria-keyshortcuts={keys.help}
        hint={keys.help}
      >
        {t('action.keys')}
      </Button>
    </div>
  );
}
