import { IconWifi, IconWifiOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../offline/useConnection';
import classes from './ConnectionBadge.module.css';

/** «En línea, 45 ms» or «Sin conexión»: measured, not guessed; and how many moves wait on this device. */
export function ConnectionBadge({ pending = 0 }: { pending?: number }) {
  const { t } = useTranslation();
  const { online, latencyMs } = useConnection();
  const Icon = online === false ? IconWifiOff : IconWifi;
  const words =
    online === null
      ? t('connecting')
      : !online
        ? t('offline')
        : latencyMs === null
          ? t('online_measuring')
          : t('online', { ms: latencyMs });
  return (
    <span className={classes.badge} data-online={online ?? 'unknown'}>
      <Icon size={18} stroke={2} aria-hidden />
      {/* A phone has room for one of them: the icon and its colour go on saying the other. */}
      <span className={pending > 0 ? 'mantine-visible-from-sm' : undefined}>{words}</span>
      {pending > 0 && <span>{t('pending', { count: pending })}</span>}
    </span>
  );
}
