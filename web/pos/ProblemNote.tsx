import { IconAlertOctagon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../components/desk/api';
import { problemText } from '../i18n/problem';
import classes from './Notice.module.css';

/** Why what was asked for did not happen, with a code to quote. */
export function ProblemNote({ problem }: { problem: Problem | null }) {
  const { t, i18n } = useTranslation();
  const { t: words } = useTranslation('pos');
  if (problem === null) return null;
  const text =
    problem.code === 'unreachable'
      ? words('unanswered.title')
      : problemText(problem.code, i18n.language === 'en' ? 'en' : 'es', problem.detail);
  return (
    <p className={classes.notice} data-kind="bad" role="alert">
      <IconAlertOctagon size={26} aria-hidden />
      <span>
        {text}
        {problem.instance !== undefined && (
          <small>
            {t('code_to_quote', { code: `${problem.code} · ${problem.instance.replace('urn:uuid:', '').slice(0, 8)}` })}
          </small>
        )}
      </span>
    </p>
  );
}
