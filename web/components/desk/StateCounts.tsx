import { Link } from '@remix-run/react';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconSlash,
  IconCircleCheck,
  IconClock,
  IconPlayerPause,
  IconRefresh,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { OperationState } from '../../../domain/operation';
import { type OperationFilters, searchOf } from './operation-query';
import classes from './StateCounts.module.css';

export type Counts = Record<OperationState, number>;

/** Always there, so that nothing jumps; what happens seldom only shows when it did. */
const always = ['pending', 'syncing', 'waiting', 'needs_attention', 'synced'] as const;
const seldom = ['compensating', 'compensated', 'cancelled'] as const;
type Shown = (typeof always)[number] | (typeof seldom)[number];

const icons: Record<Shown, TablerIcon> = {
  pending: IconClock,
  syncing: IconRefresh,
  waiting: IconPlayerPause,
  needs_attention: IconAlertTriangle,
  synced: IconCircleCheck,
  compensating: IconArrowBackUp,
  compensated: IconArrowBackUp,
  cancelled: IconSlash,
};

/** «12 pendientes · 3 en espera · 1 requiere atención»: what everybody sees at a glance, and the filter by state. */
export function StateCounts({ counts, filters }: { counts: Counts; filters: OperationFilters }) {
  const { t } = useTranslation('desk');
  const shown = [...always, ...seldom.filter((state) => counts[state] > 0 || filters.state === state)];
  return (
    <nav className={classes.bar} aria-label={t('counts.title')}>
      {shown.map((state) => {
        const Icon = icons[state];
        const chosen = filters.state === state;
        return (
          <Link
            key={state}
            to={{ search: searchOf({ ...filters, state: chosen ? null : state }) }}
            replace
            preventScrollReset
            className={classes.count}
            data-state={state}
            data-some={counts[state] > 0}
            aria-current={chosen ? 'true' : undefined}
            title={state === 'synced' || state === 'compensated' || state === 'cancelled' ? t('counts.day') : undefined}
          >
            <Icon size={17} stroke={2.1} aria-hidden />
            {t(`counts.${state}`, { count: counts[state] })}
          </Link>
        );
      })}
    </nav>
  );
}
