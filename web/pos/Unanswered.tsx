import { IconCloudQuestion, IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useConnection } from '../offline/useConnection';
import { Button } from './Button';
import { keys } from './key-names';
import classes from './Unanswered.module.css';
import type { Pos, PosState } from './store';
import type { Wording } from './words';

/** Nobody knows whether the sale was made: the one thing to do is to ask, and asking is safe. */
export function Unanswered({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  const { t, money } = wording;
  const { attempt, sending, waiting } = state;
  const { online } = useConnection();
  const button = useRef<HTMLButtonElement>(null);
  const asking = sending === 'asking';
  // While it asks, the button cannot be pressed, and the browser takes the focus away.
  useEffect(() => {
    if (!asking) button.current?.focus();
  }, [asking]);
  if (!attempt) return null;
  const back = attempt.kind === 'return';
  return (
    <section className={classes.card} role="alert" data-testid="unanswered">
      <IconCloudQuestion size={72} stroke={1.4} aria-hidden />
      <h2>{t('unanswered.title')}</h2>
      <p className={classes.due}>{t('unanswered.due', { amount: money(attempt.total) })}</p>
      <p>{back ? t('unanswered.text_return') : t('unanswered.text')}</p>
      {online === false && <p className={classes.offline}>{t('unanswered.offline')}</p>}
      <Button
        ref={button}
        look="main"
        className={classes.ask}
        icon={<IconRefresh size={28} aria-hidden />}
        disabled={asking}
        onClick={() => void pos.ask()}
        data-testid="ask-again"
        hint={keys.confirm}
      >
        {asking ? t('unanswered.asking') : t('unanswered.ask')}
      </Button>
      {waiting > 0 && <p>{t('said.waits', { count: waiting })}</p>}
    </section>
  );
}
