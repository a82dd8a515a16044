import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconClock,
  IconPlayerPause,
  IconRefresh,
  IconSlash,
  type TablerIcon,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationState } from '../../domain/operation';
import classes from './StateChip.module.css';

const icons: Record<OperationState, TablerIcon> = {
  pending: IconClock,
  syncing: IconRefresh,
  waiting: IconPlayerPause,
  synced: IconCircleCheck,
  needs_attention: IconAlertTriangle,
  compensating: IconArrowBackUp,
  compensated: IconArrowBackUp,
  cancelled: IconSlash,
};

/** The one way to show an operation's state: icon, colour and word. */
export function StateChip({ state, size = 'md' }: { state: OperationState; size?: 'md' | 'lg' }) {
  const { t } = useTranslation('operations');
  const Icon = icons[state];
  return (
    <span className={classes.chip} data-state={state} data-size={size}>
      <Icon aria-hidden size={size === 'lg' ? 24 : 16} stroke={2.2} className={classes.icon} />
      {t(`state.${state}`)}
    </span>
  );
}

/** Says a change of state to screen readers, not the first value. Put once where `number` is watched. */
export function StateAnnouncer({ number, state }: { number: number | string; state: OperationState }) {
  const { t } = useTranslation('operations');
  const [words, setWords] = useState('');
  const last = useRef(state);
  useEffect(() => {
    if (last.current === state) return;
    last.current = state;
    setWords(t('state_changed', { number, state: t(`state.${state}`) }));
  }, [number, state, t]);
  return (
    <span className="nv-hidden" role="status">
      {words}
    </span>
  );
}
