import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@remix-run/react';
import { IconArrowForwardUp, IconCheck, IconMapPin, IconRefresh, IconX, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { kindSpecs } from '../../../domain/kinds';
import type { OperationChoice, OperationDetail, OperationState, RetryChoice } from '../../../domain/operation';
import classes from './OperationActions.module.css';
import { ProblemNote } from './ProblemNote';
import { subjectLabel } from './subject';
import { useCommand } from './useCommand';

const icons: Record<OperationChoice, TablerIcon> = {
  again: IconRefresh,
  from_current: IconMapPin,
  others: IconArrowForwardUp,
  as_is: IconCheck,
  cancel: IconX,
};

function cancelHint({ kind, state }: OperationDetail) {
  if (kindSpecs[kind].family !== 'move')
    return state === 'pending' ? 'choice.cancel_hint_catalogue' : 'choice.cancel_hint_catalogue_running';
  return state === 'needs_attention' || state === 'pending' ? 'choice.cancel_hint' : 'choice.cancel_hint_running';
}

interface Answer {
  operationId: string;
  state: OperationState;
}

/** What a person may do now: exactly the choices that the operation offers, each with what it will do. */
export function OperationActions({ operation, onDone }: { operation: OperationDetail; onDone(): void }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation();
  const { t: sales } = useTranslation('sales');
  const navigate = useNavigate();
  const { run, busy, problem } = useCommand();
  const [asking, ask] = useDisclosure(false);
  const { id, choices } = operation;
  const { family } = kindSpecs[operation.kind];
  const path = `/operations/${id}`;

  const retry = async (choice: RetryChoice): Promise<void> => {
    const outcome = await run<Answer>({ method: 'POST', path: `${path}/retry`, body: { choice } });
    if (outcome.kind === 'ok' && outcome.value.operationId !== id)
      void navigate(`/operations/${outcome.value.operationId}`);
    onDone();
  };
  const cancel = async (): Promise<void> => {
    const outcome = await run<Answer>({ method: 'POST', path: `${path}/cancel` });
    if (outcome.kind !== 'unreachable') ask.close();
    onDone();
  };

  if (choices.length === 0 && problem === null) return null;
  const retries = choices.filter((choice) => choice !== 'cancel');
  // What mends most stands first and is filled: with pallets that moved, from where they are.
  const best = retries.includes('from_current') ? 'from_current' : retries.includes('others') ? 'others' : 'again';
  const ordered = [...retries].sort((a, b) => Number(b === best) - Number(a === best));
  return (
    <section className={`${classes.box} nv-no-print`} aria-label={t('choice.title')}>
      {ordered.map((choice) => (
        <Choice
          key={choice}
          choice={choice}
          hint={t(choice === 'again' && family !== 'move' ? `choice.again_hint_${family}` : `choice.${choice}_hint`)}
          filled={choice === best}
          loading={busy === `${path}/retry`}
          disabled={busy !== null}
          onPress={() => void retry(choice)}
        />
      ))}
      {choices.includes('cancel') && (
        <Choice
          choice="cancel"
          hint={t(cancelHint(operation))}
          filled={false}
          loading={false}
          disabled={busy !== null}
          onPress={ask.open}
        />
      )}
      {problem !== null && !asking && <ProblemNote problem={problem} />}
      <Modal
        opened={asking}
        onClose={ask.close}
        title={t(family === 'move' ? 'choice.ask_title' : 'choice.ask_title_other_kind', { number: operation.number })}
        closeButtonProps={{ 'aria-label': common('close') }}
        classNames={{ title: classes.question }}
      >
        <Text>
          {family === 'move'
            ? t('choice.ask_text', { count: operation.pallets.count, place: operation.destination?.name ?? '–' })
            : t('choice.ask_text_other_kind', {
                subject: operation.subject ? subjectLabel(operation.subject, sales) : '–',
              })}
        </Text>
        {problem !== null && <ProblemNote problem={problem} />}
        <div className={classes.answers}>
          <Button variant="default" size="md" onClick={ask.close} data-autofocus>
            {t('choice.ask_no')}
          </Button>
          <Button color="var(--nv-danger)" size="md" loading={busy === `${path}/cancel`} onClick={() => void cancel()}>
            {t(family === 'move' ? 'choice.ask_yes' : 'choice.ask_yes_other_kind')}
          </Button>
        </div>
      </Modal>
    </section>
  );
}

function Choice(props: {
  choice: OperationChoice;
  hint: string;
  filled: boolean;
  loading: boolean;
  disabled: boolean;
  onPress(): void;
}) {
  const { t } = useTranslation('desk');
  const Icon = icons[props.choice];
  const hintId = `hint-${props.choice}`;
  return (
    <div className={classes.choice}>
      <Button
        size="md"
        variant={props.filled ? 'filled' : 'default'}
        className={props.choice === 'cancel' ? classes.cancel : undefined}
        leftSection={<Icon size={20} aria-hidden />}
        loading={props.loading}
        disabled={props.disabled && !props.loading}
        onClick={props.onPress}
        aria-describedby={hintId}
      >
        {t(`choice.${props.choice}`)}
      </Button>
      <span className={classes.hint} id={hintId}>
        {props.hint}
      </span>
    </div>
  );
}
