import { useState } from 'react';
import type { AcceptedSale, SaleDetail } from '../../api/sales/schemas';
import { useCommand } from '../components/desk/useCommand';
import { Button } from './Button';
import { ProblemNote } from './ProblemNote';
import classes from './RegisterSheet.module.css';
import type { Till } from './store';
import { TextEntry } from './TextEntry';
import type { Wording } from './words';

/** The sale of today that should not have been: asked about once, naming what goes back. */
export function VoidForm(props: {
  sale: SaleDetail;
  till: Till;
  wording: Wording;
  onMade: (accepted: AcceptedSale) => void;
}) {
  const { sale, till, wording, onMade } = props;
  const { t, format } = wording;
  const [reason, setReason] = useState('');
  const { run, busy, problem } = useCommand();
  const amount = format.money(sale.total);
  const make = async (): Promise<void> => {
    const outcome = await run<AcceptedSale>({
      method: 'POST',
      path: `/sales/${sale.id}/void`,
      body: { reason: reason.trim(), registerId: till.register.id },
    });
    if (outcome.kind === 'ok') onMade(outcome.value);
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') void make();
      }}
    >
      <h3 className={classes.title}>{t('sales.void_title', { number: sale.number })}</h3>
      <p className={classes.text}>{t('sales.void_text', { amount })}</p>
      <TextEntry
        label={t('sales.void_reason')}
        value={reason}
        onChange={setReason}
        field={{ maxLength: 300, autoFocus: true }}
      />
      <ProblemNote problem={problem} />
      <Button type="submit" look="danger" disabled={busy !== null || reason.trim() === ''}>
        {t('sales.void_yes', { amount })}
      </Button>
    </form>
  );
}
