import type { LoaderFunctionArgs } from '@remix-run/node';
import { csvAnswer, spreadsheetTime } from '../components/desk/csv.server';
import { dayOf } from '../components/desk/days';
import { everyRow } from '../components/desk/every-row';
import { filtersOf, queryOf } from '../components/desk/operation-query';
import { shortSentence } from '../components/desk/sentence';
import { formatTag } from '../i18n/format';
import { createI18n, localeOf } from '../i18n/i18n';
import { requireActor } from '../load-context.server';

/** The operations of a filter as a file; the same address parts as the list. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'operations.read');
  const [timeZone, me] = await Promise.all([context.useCases.timeZoneOf(actor), context.useCases.me(actor)]);
  const query = queryOf(filtersOf(new URL(request.url).searchParams), Date.now(), timeZone);
  const locale = localeOf(request, actor.locale);
  const i18n = createI18n(locale);
  const t = i18n.getFixedT(null, 'desk');
  const operation = i18n.getFixedT(null, 'operations');
  const rows = everyRow((cursor) =>
    context.useCases.listOperations(actor, {
      ...query,
      limit: 200,
      mostCodes: 500,
      ...(cursor !== undefined && { cursor }),
    }),
  );
  const head = [
    t('column.number'),
    t('column.state'),
    t('export.pallets'),
    t('export.codes'),
    t('export.destination'),
    t('column.site'),
    t('column.person'),
    t('column.when'),
    t('export.changed'),
    t('export.problem'),
    t('export.kind'),
    t('export.subject'),
    t('export.total'),
  ];
  async function* cells() {
    for await (const row of rows) {
      const { count, codes } = row.pallets;
      yield [
        t('number', { number: row.number }),
        operation(`state.${row.state}`),
        count,
        codes.join(' '),
        row.destination?.name ?? null,
        row.site?.name ?? null,
        row.createdBy?.name ?? t('system'),
        spreadsheetTime(row.createdAt, timeZone),
        spreadsheetTime(row.updatedAt, timeZone),
        shortSentence(row, locale),
        operation(`kind.${row.kind}`),
        row.subject?.label ?? null,
        row.subject?.total?.amount ?? null,
      ];
    }
  }
  return csvAnswer(
    `${t('export.operations_file')}-${dayOf(Date.now(), timeZone)}`,
    formatTag(locale, me.tenant.locale),
    head,
    cells(),
  );
}
