import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCloudCheck, IconShieldCheck, IconShieldExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import type { Device, DeviceState } from '../offline/device';
import { useInstall } from '../offline/useInstall';
import { asksForAttention, waitsForOdoo } from './move-state';
import { QueueItem } from './QueueItem';
import item from './QueueItem.module.css';
import classes from './QueueSheet.module.css';

/** Everything that was confirmed on this device: first what asks for a person, then newest first what waits and what went. */
export function QueueSheet(props: { device: Device; state: DeviceState; opened: boolean; onClose: () => void }) {
  const { device, state, opened, onClose } = props;
  const { t } = useTranslation('picking');
  const { t: common } = useTranslation();
  const format = useFormat();
  const wide = useMediaQuery('(min-width: 62em)');
  const mine = state.moves.filter(({ tenantId }) => tenantId === device.user.tenantId);
  const foreign = state.moves.filter(
    (move) => move.tenantId !== device.user.tenantId && move.status !== 'accepted',
  ).length;
  const waiting = mine.filter(({ status }) => status === 'queued').length;
  const attention = mine.filter(asksForAttention).length;
  const parked = mine.filter(waitsForOdoo).length;
  const newestFirst = [...mine].reverse();
  const shown = [...newestFirst.filter(asksForAttention), ...newestFirst.filter((move) => !asksForAttention(move))];
  const install = useInstall();
  const Shield = state.persistent === true ? IconShieldCheck : IconShieldExclamation;
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position={wide ? 'right' : 'bottom'}
      size={wide ? 520 : '92%'}
      title={t('queue.title')}
      classNames={{ content: classes.sheet, title: classes.title, header: classes.header, body: classes.body }}
      closeButtonProps={{ 'aria-label': common('close'), size: 56, iconSize: 28 }}
    >
      {mine.length === 0 ? (
        <div className={classes.empty}>
          <IconCloudCheck size={64} stroke={1.3} aria-hidden />
          <p className={classes.emptyTitle}>{t('queue.empty')}</p>
          <p>{t('queue.empty_text')}</p>
        </div>
      ) : (
        <>
          <p className={classes.summary}>
            {attention > 0 && (
              <strong className={classes.attention}>{common('attention', { count: attention })}</strong>
            )}
            {waiting > 0
              ? t('queue.waiting_count', { count: waiting })
              : parked > 0
                ? common('parked', { count: parked })
                : attention === 0
                  ? t('queue.all_sent')
                  : null}
            <span>
              {state.lastSync === null
                ? common('last_sync_never')
                : common('last_sync', { when: format.time(state.lastSync) })}
            </span>
          </p>
          <ul className={classes.list}>
            {shown.map((move) => (
              <QueueItem key={move.id} move={move} device={device} sending={state.sending} />
            ))}
          </ul>
        </>
      )}
      {foreign > 0 && <p className={classes.note}>{t('queue.other_tenant', { count: foreign })}</p>}
      <p className={classes.note}>
        <Shield size={26} aria-hidden />
        {state.persistent === true
          ? t('queue.persistent_yes')
          : state.persistent === false
            ? t('queue.persistent_no')
            : t('queue.persistent_unknown')}
      </p>
      {state.persistent !== true && install && (
        <button type="button" className={item.button} onClick={install}>
          {t('install')}
        </button>
      )}
    </Drawer>
  );
}
