import { Anchor } from '@mantine/core';
import { Link } from '@remix-run/react';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconInfoCircle,
  IconPlayerPause,
  IconRefresh,
  IconSlash,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { kindSpecs } from '../../../domain/kinds';
import type { OperationDetail, OperationKind, OperationState } from '../../../domain/operation';
import { problemText } from '../../i18n/problem';
import { troubleText } from '../../i18n/timeline';
import classes from './OperationMessage.module.css';
import { leavesSomething, todoText } from './sentence';

const icons: Record<OperationState, TablerIcon> = {
  pending: IconInfoCircle,
  syncing: IconRefresh,
  waiting: IconPlayerPause,
  needs_attention: IconAlertTriangle,
  synced: IconCircleCheck,
  compensating: IconArrowBackUp,
  compensated: IconArrowBackUp,
  cancelled: IconSlash,
};

/** A person has to mend the connection before it goes on. */
const toMend: readonly string[] = ['odoo_credentials', 'odoo_incompatible'];

/** The states in which a sale, or work on the catalogue, has words of its own. */
const said = ['pending', 'syncing', 'waiting', 'synced'] as const;
const isSaid = (state: OperationState): state is (typeof said)[number] => said.some((one) => one === state);
const saidOfCatalogue = [...said, 'compensating', 'compensated', 'cancelled'] as const;

/** What the state means for the person: what happened, what was kept, what to do, a code to quote. */
export function OperationMessage({ operation }: { operation: OperationDetail }) {
  const { t, i18n } = useTranslation('desk');
  const { state, error } = operation;
  const Icon = icons[state];
  const bad = operation.lines.filter(({ problem }) => problem !== null);
  const several = new Set(bad.map(({ problem }) => problem)).size > 1 && !operation.choices.includes('from_current');
  const locale = i18n.language === 'en' ? 'en' : 'es';
  return (
    <section className={classes.box} data-state={state}>
      <Icon size={26} stroke={1.9} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        {state === 'needs_attention' && error !== null ? (
          <>
            <p className={classes.main}>
              {bad.length === 1 && operation.lines.length > 1 && <span className="nv-code">{bad[0]?.code}: </span>}
              {several ? t('say.several') : problemText(error.code, locale, error.detail)}
            </p>
            {bad.length > 0 && operation.lines.length > 1 && (
              <p>{t('say.bad_pallets', { count: bad.length, all: operation.lines.length })}</p>
            )}
            <p>{t(keptKey(operation.kind, error.code))}</p>
            <p>
              <strong>{several ? t('todo.several') : todoText(error.code, operation.choices, t)}</strong>
            </p>
            <p className={classes.quote}>
              {t('say.quote', { code: `${error.code} · ${t('number', { number: operation.number })}` })}
            </p>
          </>
        ) : (
          <p className={classes.main}>
            <Plain operation={operation} />
          </p>
        )}
        {operation.replacedBy !== null && (
          <p>
            {t('say.replaced')}{' '}
            <Anchor component={Link} to={`/operations/${operation.replacedBy}`} underline="always">
              {t('say.replaced_link')}
            </Anchor>
          </p>
        )}
      </div>
    </section>
  );
}

function keptKey(kind: OperationKind, code: string) {
  const { family } = kindSpecs[kind];
  if (family !== 'move') return `say_${family}.kept` as const;
  return leavesSomething(code) ? 'say.kept_something' : 'say.kept';
}

function Plain({ operation }: { operation: OperationDetail }) {
  const { t } = useTranslation('desk');
  const { t: words } = useTranslation('operations');
  const { kind, state, error, cancelRequested, lanesAhead } = operation;
  const { family } = kindSpecs[kind];
  if (family === 'sale' && isSaid(state)) return t(`say_sale.${state}`);
  const ofCatalogue = saidOfCatalogue.find((one) => one === state);
  if (family === 'catalogue' && ofCatalogue !== undefined) {
    return t(`say_catalogue.${cancelRequested && state === 'syncing' ? 'compensating' : ofCatalogue}`);
  }
  switch (state) {
    case 'pending':
      return t(lanesAhead > 0 ? 'say.pending_line' : 'say.pending', { count: lanesAhead });
    case 'syncing':
      return t(cancelRequested ? 'say.cancelling' : 'say.syncing');
    case 'waiting':
      if (cancelRequested) return t('say.cancelling');
      return error !== null && toMend.includes(error.code)
        ? t('say.waiting_mend', { trouble: troubleText(error.code, words) })
        : t('say.waiting');
    case 'needs_attention':
      return t('todo.other');
    case 'compensating':
    case 'synced':
    case 'compensated':
    case 'cancelled':
      return t(`say.${state}`);
  }
}
