import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from '../ProblemAlert';
import type { Problem } from './api';
import { unreachable } from './useCommand';

/** Why a command was not carried out; no answer is not a refusal, and says so. */
export function ProblemNote({ problem }: { problem: Problem }) {
  const { t } = useTranslation('desk');
  if (problem.code === unreachable.code) {
    return (
      <Alert
        role="alert"
        color="yellow"
        variant="light"
        radius="md"
        icon={<IconPlugConnectedX aria-hidden />}
        c="var(--nv-warn)"
      >
        {t('problem.unreachable')}
      </Alert>
    );
  }
  return <ProblemAlert code={problem.code} {...(problem.instance !== undefined && { instance: problem.instance })} />;
}
