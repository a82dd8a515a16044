import { Link, useRouteLoaderData } from '@remix-run/react';
import {
  IconBarcode,
  IconCashRegister,
  IconKeyboard,
  IconListDetails,
  IconWifi,
  IconWifiOff,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { can } from '../../domain/access';
import { UserMenu } from '../components/UserMenu';
import menu from '../components/UserMenu.module.css';
import { useConnection } from '../offline/useConnection';
import type { RootData } from '../root';
import classes from './StatusBar.module.css';
import type { Pos, PosState } from './store';
import type { Wording } from './words';

/** UI-01 at the till: the truth about the connection, and whose register this is. */
export function StatusBar({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t, format } = wording;
  const { t: common } = useTranslation();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { online, latencyMs } = useConnection();
  const offline = online === false;
  const { till } = state;
  const session = till?.register.session ?? null;
  const connection = offline
    ? common('offline')
    : online === null
      ? common('connecting')
      : latencyMs === null
        ? common('online_measuring')
        : common('online', { ms: latencyMs });
  const Icon = offline ? IconWifiOff : IconWifi;
  return (
    <header className={`nv-no-print ${classes.bar}`} data-online={online ?? 'unknown'}>
      {till && (
        <button
          type="button"
          className={classes.till}
          onClick={() => pos.show('register')}
          data-open={session !== null}
          data-testid="till"
        >
          <IconCashRegister size={30} stroke={1.8} aria-hidden />
          <span>
            <strong>{`${till.register.name} · ${till.siteName}`}</strong>
            <small>
              {session === null
                ? t('till.closed')
                : session.openedBy.id === user?.id
                  ? t('till.open_by_you', { time: format.clock(session.openedAt) })
                  : t('till.open_by', { name: session.openedBy.name, time: format.clock(session.openedAt) })}
            </small>
          </span>
        </button>
      )}
      <p className={classes.connection}>
        <Icon size={24} stroke={2.2} aria-hidden />
        <span className="nv-figures">{connection}</span>
      </p>
      <span className="nv-hidden" role="status">
        {online === null ? '' : offline ? connection : common('online_measuring')}
      </span>
      <UserMenu large opened={state.over === 'menu'} onChange={(opened) => pos.show(opened ? 'menu' : null)}>
        <button type="button" className={menu.action} data-large onClick={() => pos.show('keys')}>
          <IconKeyboard size={24} aria-hidden /> {t('keys.title')}
        </button>
        {!offline && (
          <>
            <Link to="/pos/codes" className={menu.action} data-large>
              <IconBarcode size={24} aria-hidden /> {t('codes.title')}
            </Link>
            {user && can(user, 'operations.read') && (
              <Link to="/operations" className={menu.action} data-large>
                <IconListDetails size={24} aria-hidden /> {t('bar.menu_desk')}
              </Link>
            )}
          </>
        )}
      </UserMenu>
      {offline && <p className={classes.promise}>{t('bar.offline_text')}</p>}
    </header>
  );
}
