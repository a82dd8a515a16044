import { Anchor, Button, Progress } from '@mantine/core';
import { Link } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { finalStates, type OperationDetail, type OperationState } from '../../../../domain/operation';
import { useFormat } from '../../../i18n/format';
import { problemText } from '../../../i18n/problem';
import { StateAnnouncer, StateChip } from '../../StateChip';
import { refreshApi } from '../api';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import { useOperation } from '../useOperation';
import classes from './Run.module.css';

const isFinal = (state: OperationState): boolean => finalStates.includes(state);

interface Work {
  done: number;
  total: number;
  perSecond: number;
  secondsLeft: number | null;
}

/** How far it is, as its timeline last told; null = it has not begun, or is over. */
export function workOf({ state, timeline, attempt }: OperationDetail): Work | null {
  if (state !== 'syncing' && state !== 'compensating') return null;
  const last = timeline.filter((entry) => ['progress', 'taken_back'].includes(entry.code)).at(-1);
  if (last === undefined || last.attempt !== attempt) return null;
  const { done, total, perSecond, secondsLeft } = last.data as unknown as Work;
  return { done, total, perSecond, secondsLeft };
}

/** The same by its id alone. */
export function RunOf({
  id,
  loaded,
  children,
}: {
  id: string;
  loaded: OperationDetail | null;
  children: React.ReactNode;
}) {
  const [operation, setOperation] = useState(loaded?.id === id ? loaded : null);
  useEffect(() => {
    if (operation?.id === id) return;
    let gone = false;
    void refreshApi<OperationDetail>(`/operations/${id}`).then((outcome) => {
      if (!gone && outcome.kind === 'ok') setOperation(outcome.value);
    });
    return () => {
      gone = true;
    };
  }, [id, operation]);
  return operation?.id === id ? (
    <Run key={id} loaded={operation}>
      {children}
    </Run>
  ) : null;
}

/** An operation on the catalogue, live: its state, how far it is, and how to stop it. */
export function Run({ loaded, children }: { loaded: OperationDetail; children: React.ReactNode }) {
  const { t, i18n } = useTranslation('products');
  const { t: desk } = useTranslation('desk');
  const { operation, stale, look } = useOperation(loaded);
  const { run, busy, problem } = useCommand();
  // What happened between the answer that it was loaded with and now, nobody here has heard of.
  useEffect(look, [look]);
  const work = workOf(operation);
  const number = desk('number', { number: operation.number });
  const path = `/operations/${operation.id}`;
  const cancel = async (): Promise<void> => {
    await run({ method: 'POST', path: `${path}/cancel` });
    look();
  };
  const again = async (): Promise<void> => {
    await run({ method: 'POST', path: `${path}/retry`, body: { choice: 'again' } });
    look();
  };
  return (
    <div className={classes.run}>
      <StateAnnouncer number={number} state={operation.state} />
      <div className={classes.line}>
        <StateChip state={operation.state} />
        <span className={classes.words}>{children}</span>
        <Anchor component={Link} to={`/operations/${operation.id}`} className={classes.link}>
          {number}
        </Anchor>
        {!isFinal(operation.state) && operation.choices.includes('cancel') && !operation.cancelRequested && (
          <Button variant="subtle" size="compact-sm" loading={busy !== null} onClick={() => void cancel()}>
            {t('run.cancel')}
          </Button>
        )}
        {operation.choices.includes('again') && (
          <Button variant="light" size="compact-sm" loading={busy !== null} onClick={() => void again()}>
            {desk('choice.again')}
          </Button>
        )}
        {operation.cancelRequested && !isFinal(operation.state) && (
          <span className={classes.quiet}>{t('run.cancelling')}</span>
        )}
      </div>
      {work !== null && <Bar work={work} />}
      {operation.state === 'needs_attention' && operation.error !== null && (
        <p className={classes.wrong}>
          {problemText(operation.error.code, i18n.language === 'en' ? 'en' : 'es', operation.error.detail)}
        </p>
      )}
      {stale && <p className={classes.quiet}>{t('run.stale')}</p>}
      {problem !== null && <ProblemNote problem={problem} />}
    </div>
  );
}

/** How far, how fast, how long yet. */
export function Bar({ work: { done, total, perSecond, secondsLeft } }: { work: Work }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  const share = total === 0 ? 100 : Math.round((done / total) * 100);
  const words = t('run.progress', { done: format.number(done), total: format.number(total) });
  return (
    <div className={classes.bar}>
      <Progress.Root size="lg" radius="xl">
        <Progress.Section value={share} aria-label={words} aria-valuetext={words} />
      </Progress.Root>
      <span className={classes.far}>
        <strong>{words}</strong>
        {perSecond > 0 && <span> · {t('run.rate', { rate: format.number(perSecond) })}</span>}
        {secondsLeft !== null && secondsLeft > 0 && (
          <span> · {t('run.left', { left: format.duration(0, secondsLeft * 1000) })}</span>
        )}
      </span>
    </div>
  );
}
