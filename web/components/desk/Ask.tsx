import { Button, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from './api';
import classes from './OperationActions.module.css';
import { ProblemNote } from './ProblemNote';

/** Asks once about what cannot be undone, naming it. */
export function Ask(props: {
  opened: boolean;
  title: string;
  text: string;
  yes: string;
  no: string;
  /** It takes something away. */
  danger?: boolean;
  busy: boolean;
  problem: Problem | null;
  onYes(): void;
  onNo(): void;
}) {
  const { t } = useTranslation();
  const { danger = false } = props;
  return (
    <Modal
      opened={props.opened}
      onClose={props.onNo}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('close') }}
      classNames={{ title: classes.question }}
    >
      <Text>{props.text}</Text>
      {props.problem !== null && <ProblemNote problem={props.problem} />}
      <div className={classes.answers}>
        <Button variant="default" size="md" onClick={props.onNo} data-autofocus>
          {props.no}
        </Button>
        <Button {...(danger && { color: 'var(--nv-danger)' })} size="md" loading={props.busy} onClick={props.onYes}>
          {props.yes}
        </Button>
      </div>
    </Modal>
  );
}
