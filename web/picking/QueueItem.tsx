import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateChip } from '../components/StateChip';
import { useFormat } from '../i18n/format';
import { problemText } from '../i18n/problem';
import type { Device } from '../offline/device';
import { canDiscard, isOf, type QueuedMove } from '../offline/queue';
import { shownState } from './move-state';
import classes from './QueueItem.module.css';
import { reasonText } from './words';

/** One move of this device: what, when, by whom, how it stands, and what can be done about it. */
export function QueueItem({ move, device, sending }: { move: QueuedMove; device: Device; sending: boolean }) {
  const { t, i18n } = useTranslation('picking');
  const format = useFormat();
  const locale = i18n.language === 'en' ? 'en' : 'es';
  const [asking, setAsking] = useState(false);
  const mine = isOf(move, { tenantId: device.user.tenantId, userId: device.user.id });
  const codes = move.pallets.map(({ code }) => code);
  const named = move.reason?.pallets ?? [];
  const some = named.length > 0 && named.length < codes.length;
  return (
    <li className={classes.item} data-status={move.status} data-testid="queued">
      <div className={classes.head}>
        <StateChip state={shownState(move, sending && mine)} />
        <span className={classes.when}>
          {format.dateTime(move.scannedAt)} · {mine ? t('queue.by_you') : t('queue.by', { name: move.userName })}
        </span>
      </div>
      <p className={classes.what}>{t('confirm.what', { count: codes.length, place: move.destination.name })}</p>
      <p className={`nv-code ${classes.codes}`}>
        {codes.slice(0, 6).join(' · ')}
        {codes.length > 6 && ` · +${format.number(codes.length - 6)}`}
      </p>
      {move.reason && (
        <p className={classes.reason}>
          {reasonText(move.reason, t, locale)}
          {named.length > 0 && <span className="nv-code"> {named.slice(0, 4).join(', ')}</span>}
        </p>
      )}
      {move.operation?.state === 'needs_attention' && move.operation.error && (
        <p className={classes.reason}>
          {move.operation.error.pallets.length > 0 && (
            <span className="nv-code">{move.operation.error.pallets.slice(0, 4).join(', ')}: </span>
          )}
          {problemText(move.operation.error.code, locale, move.operation.error.detail)}
        </p>
      )}
      {move.status === 'queued' && !mine && (
        <p className={classes.reason}>{t('queue.other_user', { name: move.userName })}</p>
      )}
      {move.status === 'queued' && mine && move.maybeSent && <p className={classes.quiet}>{t('queue.maybe_sent')}</p>}
      {move.status === 'queued' && mine && move.attempts > 0 && move.notBefore > Date.now() && (
        <p className={classes.quiet}>{t('queue.next_try', { time: format.time(move.notBefore) })}</p>
      )}
      {asking ? (
        <div className={classes.ask} role="alertdialog" aria-label={t('queue.discard')}>
          <p>{t('queue.discard_ask', { count: codes.length, place: move.destination.name })}</p>
          <div className={classes.actions}>
            <button type="button" className={classes.danger} onClick={() => void device.discard(move.id, canDiscard)}>
              {t('queue.discard_yes')}
            </button>
            <button type="button" className={classes.button} onClick={() => setAsking(false)} autoFocus>
              {t('queue.discard_no')}
            </button>
          </div>
        </div>
      ) : (
        <div className={classes.actions}>
          {mine && move.status === 'set_aside' && (
            <button type="button" className={classes.button} onClick={() => void device.retry(move)}>
              {some
                ? t('queue.retry_without', { count: named.length, codes: named.slice(0, 3).join(', ') })
                : t('queue.retry')}
            </button>
          )}
          {mine && move.status === 'queued' && move.attempts > 0 && (
            <button type="button" className={classes.button} onClick={() => void device.retry(move)}>
              {t('queue.retry_now')}
            </button>
          )}
          {canDiscard(move) && mine && (
            <button type="button" className={classes.button} onClick={() => setAsking(true)}>
              {t('queue.discard')}
            </button>
          )}
          {move.operation && (
            <a className={classes.button} href={`/operations/${move.operation.id}`}>
              {t('queue.open_operation')}
            </a>
          )}
        </div>
      )}
    </li>
  );
}
