import type { LoaderFunctionArgs } from '@remix-run/node';
import { auditFiltersOf, auditQueryOf } from '../components/desk/audit-query';
import { auditActionOf } from '../components/desk/audit-words';
import { csvAnswer, spreadsheetTime } from '../components/desk/csv.server';
import { dayOf } from '../components/desk/days';
import { everyRow } from '../components/desk/every-row';
import { formatTag } from '../i18n/format';
import { createI18n, localeOf } from '../i18n/i18n';
import { requireActor } from '../load-context.server';

/** The audit of a filter as a file; the same address parts as the screen. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'audit.read');
  const [timeZone, me] = await Promise.all([context.useCases.timeZoneOf(actor), context.useCases.me(actor)]);
  const query = auditQueryOf(auditFiltersOf(new URL(request.url).searchParams));
  const locale = localeOf(request, actor.locale);
  const i18n = createI18n(locale);
  const t = i18n.getFixedT(null, 'admin');
  const desk = i18n.getFixedT(null, 'desk');
  const rows = everyRow((cursor) =>
    context.useCases.listAudit(actor, { ...query, limit: 200, ...(cursor !== undefined && { cursor }) }),
  );
  const head = [
    t('audit.when'),
    t('audit.who'),
    t('audit.did'),
    t('audit.about'),
    t('audit.from'),
    t('audit.to'),
    desk('column.number'),
    t('audit.result'),
    t('audit.in_odoo'),
    t('audit.before'),
    t('audit.after'),
  ];
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  async function* cells() {
    for await (const row of rows) {
      const action = auditActionOf(row.action);
      const { operation } = row;
      const done = operation?.succeeded ?? null;
      yield [
        spreadsheetTime(row.at, timeZone),
        row.actor.name,
        action === undefined ? row.action : t(`audit.action.${action}`),
        row.entityType === 'session' ? null : (row.entityName ?? row.entityId),
        row.locationFrom?.name ?? null,
        row.locationTo?.name ?? null,
        operation && desk('number', { number: operation.number }),
        operation && t(done === null ? 'audit.going' : done ? 'audit.ok' : 'audit.not_ok'),
        operation && (operation.syncedToOdoo ? t('audit.yes') : t('audit.no')),
        json(row.before),
        json(row.after),
      ];
    }
  }
  return csvAnswer(
    `${t('audit.file')}-${dayOf(Date.now(), timeZone)}`,
    formatTag(locale, me.tenant.locale),
    head,
    cells(),
  );
}
