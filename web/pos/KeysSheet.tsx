import { Link } from '@remix-run/react';
import { IconPrinter } from '@tabler/icons-react';
import { keys } from './key-names';
import classes from './KeysSheet.module.css';
import { Sheet } from './Sheet';
import type { Pos, PosState } from './store';
import type { Wording } from './words';

/** How it goes without a mouse. */
export function KeysSheet({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t } = wording;
  const rows: [string, string][] = [
    [keys.charge, t('keys.charge')],
    [keys.search, t('keys.search')],
    ['3 *', t('keys.times')],
    ['+ −', t('keys.step')],
    ['↑ ↓', t('keys.lines')],
    [keys.quantity, t('keys.quantity')],
    ...(pos.mayPrice ? [[keys.price, t('keys.price')] as [string, string]] : []),
    [t('keys.key_delete'), t('keys.remove')],
    [t('keys.key_undo'), t('keys.undo')],
    [keys.park, t('keys.park')],
    [keys.tickets, t('keys.tickets')],
    [keys.sales, t('keys.sales')],
    [keys.register, t('keys.register')],
  ];
  return (
    <Sheet opened={state.over === 'keys'} onClose={() => pos.show(null)} title={t('keys.title')} size={460}>
      <p className={classes.text}>{t('keys.text')}</p>
      <dl className={classes.keys}>
        {rows.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd className={classes.key}>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Link to="/pos/codes" className={classes.link}>
        <IconPrinter size={24} aria-hidden /> {t('keys.codes')}
      </Link>
    </Sheet>
  );
}
