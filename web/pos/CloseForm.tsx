import { IconArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../components/desk/useCommand';
import { AmountEntry } from './AmountEntry';
import type { ClosedSession, RegisterView } from './api';
import { Button } from './Button';
import type { ReportPaper } from './paper';
import { ProblemNote } from './ProblemNote';
import classes from './RegisterSheet.module.css';
import { TextEntry } from './TextEntry';
import type { Wording } from './words';

/** The end of the day: what is in the drawer is said before what should be there is shown. */
export function CloseForm(props: {
  register: RegisterView;
  currency: string;
  wording: Wording;
  onBack: () => void;
  onClosed: (paper: ReportPaper) => void;
}) {
  const { register, currency, wording, onBack, onClosed } = props;
  const { t, money } = wording;
  const { t: common } = useTranslation();
  const [counted, setCounted] = useState(0);
  const [note, setNote] = useState('');
  const { run, busy, problem } = useCommand();
  const close = async (): Promise<void> => {
    const outcome = await run<ClosedSession>({
      method: 'POST',
      path: `/registers/${register.id}/close`,
      body: { counted, ...(note.trim() !== '' && { note: note.trim() }) },
    });
    if (outcome.kind !== 'ok') return;
    const { report, expected, difference } = outcome.value;
    onClosed({
      kind: 'report',
      report,
      counted: { expected: expected.amount, counted, difference: difference.amount },
    });
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void close();
      }}
    >
      <h3 className={classes.title}>{t('register.close_title', { register: register.name })}</h3>
      <p className={classes.text}>{t('register.close_text')}</p>
      <AmountEntry
        label={t('register.counted')}
        value={counted}
        currency={currency}
        onChange={setCounted}
        testId="counted"
      />
      <TextEntry label={t('register.note')} value={note} onChange={setNote} field={{ maxLength: 500 }} />
      <ProblemNote problem={problem} />
      <Button type="submit" look="main" disabled={busy !== null}>
        {t('register.close_yes', { amount: money(counted) })}
      </Button>
      <Button icon={<IconArrowLeft size={22} aria-hidden />} onClick={onBack}>
        {common('back')}
      </Button>
    </form>
  );
}
