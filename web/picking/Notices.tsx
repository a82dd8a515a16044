import { IconAlertOctagon, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Device, DeviceState } from '../offline/device';
import { isOf } from '../offline/queue';
import classes from './Notices.module.css';
import type { PickingState } from './store';

/** What the person has to know before going on: the session ended, the disk refuses. */
export function Notices({
  device,
  state,
  confirming,
}: {
  device: Device;
  state: DeviceState;
  confirming: PickingState['confirming'];
}) {
  const { t } = useTranslation('picking');
  const own = state.moves.filter(
    (move) => move.status === 'queued' && isOf(move, { tenantId: device.user.tenantId, userId: device.user.id }),
  );
  return (
    <>
      {confirming === 'failed' && (
        <p className={classes.notice} data-kind="bad" role="alert">
          <IconAlertOctagon size={30} aria-hidden /> <span>{t('confirm.failed')}</span>
        </p>
      )}
      {state.broken && (
        <p className={classes.notice} data-kind="bad" role="alert">
          <IconAlertOctagon size={30} aria-hidden /> <span>{t('broken')}</span>
        </p>
      )}
      {state.needsLogin && (
        <div className={classes.notice} data-kind="warn" role="alert">
          <IconLock size={30} aria-hidden />
          <span>
            <strong>{t('session.ended')}</strong>
            <br />
            {own.length === 0 ? t('session.ended_text_zero') : t('session.ended_text', { count: own.length })}
          </span>
          <a className={classes.action} href="/login?next=/picking">
            {t('session.login')}
          </a>
        </div>
      )}
    </>
  );
}
