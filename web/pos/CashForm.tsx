import { IconArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Money } from '../../domain/money';
import { useCommand } from '../components/desk/useCommand';
import { AmountEntry } from './AmountEntry';
import { Button } from './Button';
import notice from './Notice.module.css';
import { ProblemNote } from './ProblemNote';
import classes from './RegisterSheet.module.css';
import { TextEntry } from './TextEntry';
import type { Wording } from './words';

/** Cash that goes into the drawer or out of it without a sale, with its reason. */
export function CashForm(props: {
  way: 'in' | 'out';
  registerId: string;
  currency: string;
  wording: Wording;
  onBack: () => void;
}) {
  const { way, registerId, currency, wording, onBack } = props;
  const { t, format } = wording;
  const { t: common } = useTranslation();
  const [amount, setAmount] = useState(0);
  const [reason, setReason] = useState('');
  const [expected, setExpected] = useState<Money | null>(null);
  const { run, busy, problem } = useCommand();
  const save = async (): Promise<void> => {
    const outcome = await run<{ expected: Money }>({
      method: 'POST',
      path: `/registers/${registerId}/cash`,
      body: { amount: way === 'in' ? amount : -amount, reason: reason.trim() },
    });
    if (outcome.kind === 'ok') setExpected(outcome.value.expected);
  };
  if (expected !== null)
    return (
      <>
        <p className={notice.notice} data-kind="good" role="status">
          <span>{t('register.cash_done', { amount: format.money(expected) })}</span>
        </p>
        <Button look="main" onClick={onBack}>
          {common('back')}
        </Button>
      </>
    );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (amount > 0 && reason.trim() !== '') void save();
      }}
    >
      <h3 className={classes.title}>{way === 'in' ? t('register.cash_in') : t('register.cash_out')}</h3>
      <AmountEntry
        label={t('register.cash_amount')}
        value={amount}
        currency={currency}
        onChange={setAmount}
        testId="cash-amount"
      />
      <TextEntry label={t('register.cash_reason')} value={reason} onChange={setReason} field={{ maxLength: 200 }} />
      <ProblemNote problem={problem} />
      <Button type="submit" look="main" disabled={busy !== null || amount === 0 || reason.trim() === ''}>
        {t('register.save')}
      </Button>
      <Button icon={<IconArrowLeft size={22} aria-hidden />} onClick={onBack}>
        {common('back')}
      </Button>
    </form>
  );
}
