import { IconWifi, IconWifiOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../offline/useConnection';
import classes from './ConnectionBadge.module.css';

/** «En línea, 45 ms» or «Sin conexión»: measured, not guessed. */
export function ConnectionBadge() {
  const { t } = useTranslation();
  const { online, latencyMs } = useConnection();
  const Icon = online === false ? IconWifiOff : IconWifi;
  return (
    <span className={classes.badge} data-online={online ?? 'unknown'}>
      <Icon size={18} stroke={2} aria-hidden />
      {online === null
        ? t('connecting')
        : !online
          ? t('offline')
          : latencyMs === null
            ? t('online_measuring')
            : t('online', { ms: latencyMs })}
    </span>
  );
}
