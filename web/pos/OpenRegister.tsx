import { useState } from 'react';
import { useCommand } from '../components/desk/useCommand';
import { AmountEntry } from './AmountEntry';
import { Button } from './Button';
import { keys } from './key-names';
import classes from './OpenRegister.module.css';
import { ProblemNote } from './ProblemNote';
import type { Till } from './store';
import type { Wording } from './words';

/** The first thing of a day: what the drawer starts with. */
export function OpenRegister(props: {
  till: Till;
  currency: string;
  wording: Wording;
  /** The registers are to be read again: it is open now, by us or by somebody else. */
  onOpened: () => void;
}) {
  const { till, currency, wording, onOpened } = props;
  const { t } = wording;
  const [float, setFloat] = useState(0);
  const { run, busy, problem } = useCommand();
  const open = async (): Promise<void> => {
    const outcome = await run({ method: 'POST', path: `/registers/${till.register.id}/open`, body: { float } });
    const taken = outcome.kind === 'problem' && outcome.problem.code === 'register_open';
    if (outcome.kind === 'ok' || taken) onOpened();
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
      data-testid="open-register"
    >
      <h2 className={classes.title}>{t('till.open_title', { register: till.register.name })}</h2>
      <p className={classes.text}>{t('till.open_text')}</p>
      <AmountEntry label={t('till.float')} value={float} currency={currency} onChange={setFloat} testId="float" />
      <ProblemNote problem={problem} />
      <Button type="submit" look="main" disabled={busy !== null} hint={keys.confirm} className={classes.open}>
        {t('till.open')}
      </Button>
    </form>
  );
}
