import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './LiveBadge.module.css';
import { useConnection } from '../../offline/useConnection';
import { useFeedState } from './useFeed';

/** Whether what is shown follows by itself; never says so when it does not. */
export function LiveBadge() {
  const { t } = useTranslation('desk');
  const feed = useFeedState();
  const { online } = useConnection();
  // The stream notices late that nobody is there any more.
  const state = online === false ? 'lost' : feed;
  return (
    <Tooltip label={t('live.lost_long')} disabled={state !== 'lost'} multiline w={260} withArrow>
      <span className={classes.badge} data-state={state} role="status">
        <span className={classes.dot} aria-hidden />
        {t(`live.${state}`)}
      </span>
    </Tooltip>
  );
}
