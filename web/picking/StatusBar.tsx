import { ActionIcon } from '@mantine/core';
import { Link, useRouteLoaderData } from '@remix-run/react';
import { IconBarcode, IconDownload, IconListDetails, IconStack2, IconWifi, IconWifiOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { can } from '../../domain/access';
import { UserMenu } from '../components/UserMenu';
import menu from '../components/UserMenu.module.css';
import { useFormat } from '../i18n/format';
import type { Device, DeviceState } from '../offline/device';
import { useConnection } from '../offline/useConnection';
import { useInstall } from '../offline/useInstall';
import type { RootData } from '../root';
import { asksForAttention, waitsForOdoo } from './move-state';
import classes from './StatusBar.module.css';

/** UI-01: the truth about the connection, what waits here, and when anything was last synchronised. */
export function StatusBar({
  device,
  state,
  onOpenQueue,
  menuOpened,
  onMenu,
  children,
}: {
  device: Device;
  state: DeviceState;
  onOpenQueue: () => void;
  menuOpened: boolean;
  onMenu: (opened: boolean) => void;
  /** What the menu has besides. */
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const { t: words } = useTranslation('picking');
  const format = useFormat();
  const install = useInstall();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { online, latencyMs } = useConnection();
  const own = state.moves.filter(({ tenantId }) => tenantId === device.user.tenantId);
  const waiting = own.filter(({ status }) => status === 'queued').length;
  const mine = own.filter(({ status, userId }) => status === 'queued' && userId === device.user.id).length;
  const aside = own.filter(asksForAttention).length;
  const parked = own.filter(waitsForOdoo).length;
  const offline = online === false;
  const Icon = offline ? IconWifiOff : IconWifi;
  const title = offline
    ? waiting === 0
      ? t('offline')
      : t('offline_pending', { count: waiting })
    : online === null
      ? t('connecting')
      : latencyMs === null
        ? t('online_measuring')
        : t('online', { ms: latencyMs });
  const detail = offline
    ? t('offline_text')
    : aside > 0
      ? t('attention', { count: aside })
      : waiting > 0
        ? t('pending', { count: waiting })
        : parked > 0
          ? t('parked', { count: parked })
          : state.lastSync === null
            ? t('last_sync_never')
            : t('last_sync', { when: format.clock(state.lastSync) });
  return (
    <header className={classes.bar} data-online={online ?? 'unknown'}>
      <span className={classes.icon}>
        <Icon size={26} stroke={2.2} aria-hidden />
      </span>
      <p className={classes.words}>
        <strong className={`nv-figures ${classes.title}`}>{title}</strong>
        {!offline && <span className={classes.detail}>{detail}</span>}
      </p>
      {/* Announced only when the connection comes or goes, not with each measured millisecond. */}
      <span className="nv-hidden" role="status">
        {online === null ? '' : offline ? title : t('online_measuring')}
      </span>
      <ActionIcon
        size={56}
        className={classes.action}
        onClick={onOpenQueue}
        aria-label={waiting === 0 ? words('queue.open') : words('queue.open_count', { count: waiting })}
      >
        <IconStack2 size={28} stroke={1.9} aria-hidden />
        {waiting + aside > 0 && (
          <span className={`nv-figures ${classes.badge}`} data-bad={aside > 0} aria-hidden>
            {waiting + aside}
          </span>
        )}
      </ActionIcon>
      <UserMenu large waiting={mine} opened={menuOpened} onChange={onMenu}>
        {children}
        {/* Both come from the server. */}
        {!offline && (
          <>
            {user && can(user, 'operations.read') && (
              <Link to="/operations" className={menu.action} data-large>
                <IconListDetails size={24} aria-hidden /> {words('operations')}
              </Link>
            )}
            <Link to="/picking/codes" className={menu.action} data-large>
              <IconBarcode size={24} aria-hidden /> {words('codes.menu')}
            </Link>
          </>
        )}
        {install && (
          <button type="button" className={menu.action} data-large onClick={install}>
            <IconDownload size={24} aria-hidden /> {words('install')}
          </button>
        )}
      </UserMenu>
      {offline && <p className={classes.promise}>{detail}</p>}
    </header>
  );
}
