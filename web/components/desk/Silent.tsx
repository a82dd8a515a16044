import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format';
import classes from './OperationDetail.module.css';

/** The last question got no answer: what is shown is of then. */
export function Silent({ silent, at }: { silent: boolean; at: number }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  return silent ? (
    <p className={classes.stale} role="status">
      {t('refreshed_off', { time: format.time(at) })}
    </p>
  ) : null;
}
