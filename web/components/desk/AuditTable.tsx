import { Anchor } from '@mantine/core';
import { Link } from '@remix-run/react';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconCloudCheck,
  IconCloudOff,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { auditEntities } from '../../../domain/audit';
import type { AuditEntry } from '../../../api/audit/queries';
import { type Role, roles } from '../../../domain/access';
import { type OperationState, operationStates } from '../../../domain/operation';
import { useFormat } from '../../i18n/format';
import { isLocale } from '../../i18n/i18n';
import { problemText } from '../../i18n/problem';
import { es } from '../../i18n/resources';
import classes from './Audit.module.css';
import { auditActionOf, isAmount, isId, isQuantity } from './audit-words';
import table from './DataTable.module.css';

type Field = keyof typeof es.admin.audit.field;

const fieldOf = (field: string): Field | undefined =>
  Object.hasOwn(es.admin.audit.field, field) ? (field as Field) : undefined;

/** Who did what, when, from where to where, and whether it came to its end. `currency`: of the amounts, which are kept bare. */
export function AuditTable({ entries, currency }: { entries: AuditEntry[]; currency: string }) {
  const { t } = useTranslation('admin');
  return (
    <table className={`${table.table} ${classes.audit}`}>
      <thead>
        <tr>
          <th scope="col">{t('audit.when')}</th>
          <th scope="col">{t('audit.who')}</th>
          <th scope="col">{t('audit.did')}</th>
          <th scope="col">{t('audit.about')}</th>
          <th scope="col">{t('audit.move')}</th>
          <th scope="col">{t('audit.result')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} currency={currency} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ entry, currency }: { entry: AuditEntry; currency: string }) {
  const { t } = useTranslation('admin');
  const { t: desk } = useTranslation('desk');
  const format = useFormat();
  const action = auditActionOf(entry.action);
  const { operation, locationFrom, locationTo } = entry;
  const moved = locationFrom !== null || locationTo !== null;
  return (
    <tr>
      <td className={table.tight}>
        <time dateTime={entry.at} title={format.time(entry.at)}>
          {format.dateTime(entry.at)}
        </time>
      </td>
      <td className={table.tight}>{entry.actor.name}</td>
      <td className={`${table.tight} ${table.strong}`}>
        <div>
          {action === undefined ? entry.action : t(`audit.action.${action}`)}
          {entry.entityType !== 'session' && <Changes entry={entry} currency={currency} />}
        </div>
      </td>
      <td className="nv-words">
        <div className={classes.about}>
          {operation !== null && (
            <Anchor component={Link} to={`/operations/${operation.id}`} fz="inherit" fw={550}>
              {desk('number', { number: operation.number })}
            </Anchor>
          )}
          {entry.entityType === 'pallet' && (
            <Link
              to={{ search: `?type=pallet&pallet=${encodeURIComponent(entry.entityId)}` }}
              className={`nv-code ${classes.code}`}
            >
              {entry.entityId}
            </Link>
          )}
          {entry.entityType !== 'pallet' && entry.entityType !== 'session' && operation === null && (
            <About entry={entry} />
          )}
        </div>
      </td>
      <td className="nv-words" title={moved ? `${locationFrom?.name ?? '–'} → ${locationTo?.name ?? '–'}` : undefined}>
        {moved
          ? `${placeName(locationFrom?.name) ?? t('audit.unknown_origin')} → ${placeName(locationTo?.name) ?? '–'}`
          : null}
      </td>
      <td>{operation !== null && <Result operation={operation} />}</td>
    </tr>
  );
}

/** «WH/Stock/Cámara 2/A-01-2» → «Cámara 2/A-01-2»: the warehouse and its stock are the same in nearly every row. */
function placeName(name: string | undefined): string | undefined {
  const parts = name?.split('/') ?? [];
  return parts.length > 2 ? parts.slice(2).join('/') : name;
}

function About({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('admin');
  const type = auditEntities.find((one) => one === entry.entityType) ?? 'other';
  const known = [entry.after, entry.before].flatMap((side) =>
    isRecord(side)
      ? [side['name'], side['email'], side['url'], side['fileName'], side['sku'], side['supplier']].filter(
          (value) => typeof value === 'string',
        )
      : [],
  );
  const name = known[0] ?? entry.entityName;
  return (
    <>
      {t(`audit.entity.${type}`)}
      {name !== null && <span className={table.quiet}> {name}</span>}
    </>
  );
}

/** AUD-04: two marks, each with icon and word. */
function Result({ operation }: { operation: NonNullable<AuditEntry['operation']> }) {
  const { t } = useTranslation('admin');
  const { t: state } = useTranslation('operations');
  const { succeeded, syncedToOdoo: synced } = operation;
  // It may still come to its end: a person decides.
  const rests = operation.state === 'needs_attention';
  const [tone, Icon, words] = rests
    ? (['bad', IconAlertTriangle, state('state.needs_attention')] as const)
    : succeeded === null
      ? (['info', IconClock, t('audit.going')] as const)
      : succeeded
        ? (['good', IconCircleCheck, t('audit.ok')] as const)
        : (['bad', IconCircleX, t('audit.not_ok')] as const);
  const Cloud = synced ? IconCloudCheck : IconCloudOff;
  return (
    <div className={classes.result}>
      <span className={table.mark} data-tone={tone}>
        <Icon size={16} stroke={2.1} aria-hidden /> {words}
      </span>
      {operation.kind === 'move_pallets' && (
        <span className={table.mark} data-tone={synced ? 'good' : undefined}>
          <Cloud size={16} stroke={2.1} aria-hidden />{' '}
          {synced ? t('audit.in_odoo') : t(rests || succeeded === null ? 'audit.not_in_odoo' : 'audit.never_in_odoo')}
        </span>
      )}
    </div>
  );
}

const isRole = (value: unknown): value is Role => roles.some((role) => role === value);
const isState = (value: unknown): value is OperationState => operationStates.some((state) => state === value);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What differs between before and after, field by field. */
function Changes({ entry: { before, after }, currency }: { entry: AuditEntry; currency: string }) {
  const { t, i18n } = useTranslation('admin');
  const { t: operation } = useTranslation('operations');
  const { t: common } = useTranslation();
  const { t: stores } = useTranslation('stores');
  const format = useFormat();
  const [old, fresh] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (field) => !isId(field) && JSON.stringify(old[field]) !== JSON.stringify(fresh[field]),
  );
  if (fields.length === 0) return null;
  const say = (field: string, value: unknown): string => {
    if (field === 'siteIds' && value === null) return t('users.all_sites');
    if (field === 'siteIds') return t('audit.site_count', { count: Array.isArray(value) ? value.length : 0 });
    if (value === undefined || value === null) return t('audit.nothing');
    if (isAmount(field) && typeof value === 'number') return format.money({ amount: value, currency });
    if (isQuantity(field) && typeof value === 'string') return format.quantity(value);
    if (field === 'kind' && (value === 'store' || value === 'warehouse')) return stores(`kind_${value}`);
    if (field === 'taxRate' && typeof value === 'number') return format.percent(value);
    if (Array.isArray(value)) return t('audit.count', { count: value.length });
    if (typeof value === 'number') return format.number(value);
    if (value === true) return common('yes');
    if (value === false) return common('no');
    if (field === 'role' && isRole(value)) return common(`role.${value}`);
    if (field === 'state' && isState(value)) return operation(`state.${value}`);
    if (field === 'locale' && typeof value === 'string' && isLocale(value)) return common(`language_${value}`);
    if (field === 'error' && isRecord(value))
      return problemText(String(value['code']), i18n.language === 'en' ? 'en' : 'es');
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return (
    <details className={classes.changes}>
      <summary>{t('audit.changes')}</summary>
      <dl>
        {fields.map((field) => {
          const known = fieldOf(field);
          return (
            <div key={field}>
              <dt>{known === undefined ? field : t(`audit.field.${known}`)}</dt>
              <dd>
                {isRecord(before) && (
                  <del aria-label={`${t('audit.before')}: ${say(field, old[field])}`}>{say(field, old[field])}</del>
                )}
                <ins aria-label={`${t('audit.after')}: ${say(field, fresh[field])}`}>{say(field, fresh[field])}</ins>
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}
