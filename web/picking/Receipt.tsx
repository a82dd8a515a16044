import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowRight,
  IconCircleCheck,
  IconCloudUp,
  IconDeviceFloppy,
  IconHourglass,
  type TablerIcon,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateAnnouncer, StateChip } from '../components/StateChip';
import { useFormat } from '../i18n/format';
import { problemText } from '../i18n/problem';
import type { Device, DeviceState } from '../offline/device';
import { canDiscard, type QueuedMove } from '../offline/queue';
import { useConnection } from '../offline/useConnection';
import { shownState } from './move-state';
import classes from './Receipt.module.css';
import type { Picking, Receipt as ReceiptOf } from './store';
import { reasonText, whyText } from './words';

type Look = { tone: 'good' | 'wait' | 'bad' | 'undone'; icon: TablerIcon; title: string; text: string };

/** After the confirmation: what is certain now (it is on the disk), and what happens next, live. */
export function Receipt(props: { receipt: ReceiptOf; picking: Picking; device: Device; state: DeviceState }) {
  const { t, i18n } = useTranslation('picking');
  const locale = i18n.language === 'en' ? 'en' : 'es';
  const format = useFormat();
  const { online } = useConnection();
  const { receipt, picking, state } = props;
  const move = state.moves.find(({ id }) => id === receipt.moveId) ?? receipt.move;
  const next = useRef<HTMLButtonElement>(null);
  const [undoing, setUndoing] = useState<'no' | 'busy' | 'failed'>('no');
  useEffect(() => next.current?.focus({ preventScroll: true }), []);
  const { tone, icon: Icon, title, text } = useLook(move, online !== false, state.needsLogin);
  const kg = move.pallets.reduce((sum, { weightKg }) => sum + (weightKg ?? 0), 0);
  const shown = shownState(move, state.sending);
  const undoable = canUndo(move);
  const undo = async (): Promise<void> => {
    setUndoing('busy');
    try {
      setUndoing((await picking.undoMove(move.id)) ? 'no' : 'failed');
    } catch (error) {
      console.error('the move could not be undone', error);
      setUndoing('failed');
    }
  };
  return (
    <section className={classes.receipt} aria-label={t('receipt.label')} data-testid="receipt">
      <div className={classes.top} data-tone={tone}>
        <Icon key={title} size={64} stroke={1.5} aria-hidden className={classes.icon} />
        <h2 className={classes.title} data-testid="receipt-title">
          {title}
        </h2>
        <p className={classes.text}>{text}</p>
        <div className={classes.chip}>
          <StateChip state={shown} size="lg" />
          {move.operation?.number && (
            <span className={classes.number}>{t('receipt.number', { number: move.operation.number })}</span>
          )}
        </div>
        <StateAnnouncer number={move.operation?.number ?? ''} state={shown} />
      </div>
      <div className={classes.what}>
        <p className={classes.place}>
          {t('confirm.what', { count: move.pallets.length, place: move.destination.name })}
        </p>
        {kg > 0 && <strong className={`nv-figures ${classes.kg}`}>{format.kg(kg)}</strong>}
        <p className={`nv-code ${classes.codes}`}>
          {move.pallets
            .slice(0, 12)
            .map(({ code }) => code)
            .join(' · ')}
          {move.pallets.length > 12 && ` · +${format.number(move.pallets.length - 12)}`}
        </p>
        {receipt.held.length > 0 && (
          <div className={classes.held}>
            <p>{t('receipt.held', { count: receipt.held.length })}</p>
            <ul>
              {receipt.held.map(({ code, why }) => (
                <li key={code}>
                  <span className="nv-code">{code}</span> {whyText(why, t, locale)}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <div className={classes.actions}>
        {undoing === 'failed' && (
          <p className={classes.bad} role="alert">
            {t('receipt.undo_failed')}
          </p>
        )}
        {move.operation?.state === 'needs_attention' && (
          <a className={classes.open} href={`/operations/${move.operation.id}`}>
            {t('receipt.open')}
          </a>
        )}
        {undoable && (
          <button
            type="button"
            className={classes.undo}
            disabled={undoing === 'busy'}
            onClick={() => void undo()}
            aria-label={t('receipt.undo')}
          >
            <IconArrowBackUp size={28} stroke={2.2} aria-hidden />
            <span>{t('undo')}</span>
          </button>
        )}
        <button ref={next} type="button" className={classes.next} onClick={() => picking.next()} data-testid="next">
          <span>
            {t('receipt.next')}
            {!undoable && <IconArrowRight size={26} stroke={2.6} aria-hidden />}
          </span>
          <small>{t('receipt.next_text')}</small>
        </button>
      </div>
    </section>
  );
}

function canUndo(move: QueuedMove): boolean {
  if (canDiscard(move)) return true;
  return move.operation !== null && ['pending', 'syncing', 'waiting'].includes(move.operation.state);
}

function useLook(move: QueuedMove, online: boolean, needsLogin: boolean): Look {
  const { t, i18n } = useTranslation('picking');
  const locale = i18n.language === 'en' ? 'en' : 'es';
  if (move.status === 'set_aside') {
    const why = move.reason ? reasonText(move.reason, t, locale) : '';
    const text = [why, (move.reason?.pallets ?? []).slice(0, 4).join(', ')].join(' ').trim();
    return { tone: 'bad', icon: IconAlertTriangle, title: t('receipt.set_aside'), text };
  }
  if (move.status === 'queued') {
    if (!online)
      return { tone: 'wait', icon: IconDeviceFloppy, title: t('receipt.offline'), text: t('receipt.offline_text') };
    if (needsLogin)
      return { tone: 'wait', icon: IconDeviceFloppy, title: t('receipt.login'), text: t('receipt.login_text') };
    return { tone: 'good', icon: IconDeviceFloppy, title: t('receipt.saved'), text: t('receipt.sending_text') };
  }
  switch (move.operation?.state) {
    case undefined:
    case 'pending':
    case 'syncing':
      return { tone: 'good', icon: IconCloudUp, title: t('receipt.saved'), text: t('receipt.saved_text') };
    case 'waiting':
      return { tone: 'wait', icon: IconHourglass, title: t('receipt.waiting'), text: t('receipt.waiting_text') };
    case 'synced':
      return { tone: 'good', icon: IconCircleCheck, title: t('receipt.synced'), text: t('receipt.synced_text') };
    case 'needs_attention':
      return {
        tone: 'bad',
        icon: IconAlertTriangle,
        title: t('receipt.attention'),
        text: attentionText(move.operation.error, t('receipt.attention_text'), locale),
      };
    case 'compensating':
      return { tone: 'undone', icon: IconArrowBackUp, title: t('receipt.undoing'), text: t('receipt.undoing_text') };
    case 'compensated':
    case 'cancelled':
      return { tone: 'undone', icon: IconArrowBackUp, title: t('receipt.undone'), text: t('receipt.undone_text') };
  }
}

/** «PACK1: ese pallet no existe en Odoo», when it is known by now; else that something is the matter. */
function attentionText(
  error: NonNullable<QueuedMove['operation']>['error'],
  otherwise: string,
  locale: 'es' | 'en',
): string {
  if (!error) return otherwise;
  const named = error.pallets.slice(0, 3).join(', ') + (error.pallets.length > 3 ? ' …' : '');
  return (named === '' ? '' : `${named}: `) + problemText(error.code, locale, error.detail);
}
