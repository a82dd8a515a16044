import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from '../ProblemAlert';
import type { Problem } from './api';
import { unreachable } from './useCommand';

/** Why a command was not carried out; no answer is not a refusal, and says so. `children`: what it is about, what to do. */
export function ProblemNote({ problem, children }: { problem: Problem; children?: ReactNode }) {
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
  const skus = problem.skus ?? problem.lines?.map(({ sku }) => sku) ?? [];
  return (
    <ProblemAlert code={problem.code} {...(problem.instance !== undefined && { instance: problem.instance })}>
      {skus.length > 0 && <span className="nv-code">{skus.join(', ')}</span>}
      {children}
    </ProblemAlert>
  );
}
