import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  IconKey,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './HealthMark.module.css';

export type HealthState = 'up' | 'degraded' | 'down' | 'unknown' | 'credentials' | 'incompatible';

const icons: Record<HealthState, TablerIcon> = {
  up: IconCircleCheck,
  degraded: IconAlertTriangle,
  down: IconCircleX,
  unknown: IconHelpCircle,
  credentials: IconKey,
  incompatible: IconAlertTriangle,
};

/** How a part or a connection is: icon, colour and word. */
export function HealthMark({ state }: { state: HealthState }) {
  const { t } = useTranslation('system');
  const Icon = icons[state];
  return (
    <span className={classes.mark} data-health={state}>
      <Icon size={18} stroke={2.1} aria-hidden />
      {t(`status.state.${state}`)}
    </span>
  );
}
