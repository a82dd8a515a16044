import { Anchor, Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useLocation, useNavigate, useRouteLoaderData } from '@remix-run/react';
import { IconArrowLeft, IconExternalLink } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { can } from '../../domain/access';
import { kindSpecs } from '../../domain/kinds';
import { finalStates, type OperationDetail } from '../../domain/operation';
import classes from '../components/desk/OperationDetail.module.css';
import { idOf, notFoundAs404 } from '../components/desk/loading.server';
import { OperationActions } from '../components/desk/OperationActions';
import { OperationMessage } from '../components/desk/OperationMessage';
import { PalletTable } from '../components/desk/PalletTable';
import { subjectLabel, subjectTotal } from '../components/desk/subject';
import { deskWords } from '../components/desk/title.server';
import { useDeskScan } from '../components/desk/useDeskScan';
import { useOperation } from '../components/desk/useOperation';
import { StateAnnouncer, StateChip } from '../components/StateChip';
import { Timeline } from '../components/Timeline';
import { type Format, useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'operations.read');
  const operation: OperationDetail = await notFoundAs404(() => context.useCases.getOperation(actor, idOf(params)));
  return { operation, title: deskWords(request, actor.locale)('desk:detail.page_title', { number: operation.number }) };
}

/** It keeps itself up to date; only another operation is another question. */
export const shouldRevalidate = ({ currentUrl, nextUrl }: { currentUrl: URL; nextUrl: URL }) =>
  currentUrl.pathname !== nextUrl.pathname;

export default function OperationRoute() {
  const { operation } = useLoaderData<typeof loader>();
  return <Operation key={operation.id} loaded={operation} />;
}

function Operation({ loaded }: { loaded: OperationDetail }) {
  const { t } = useTranslation('desk');
  const { t: words } = useTranslation('operations');
  const { operation, stale, look } = useOperation(loaded);
  const user = useRouteLoaderData<RootData>('root')?.user;
  const mayAct = user != null && can(user, 'operations.act');
  const number = t('number', { number: operation.number });
  useDocumentTitle(t('detail.page_title', { number: operation.number }));
  useDeskScan();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);

  return (
    <div className={classes.page}>
      <BackLink />
      <StateAnnouncer number={number} state={operation.state} />
      <header className={classes.head}>
        <h1 ref={heading} tabIndex={-1} className={classes.title}>
          {words(`kind.${operation.kind}`)} <span className={`${classes.number} ${classes.whole}`}>{number}</span>
        </h1>
        <StateChip state={operation.state} size="lg" />
      </header>
      {stale && (
        <p className={classes.stale} role="status">
          {t('detail.stale')}
        </p>
      )}
      <div className={classes.columns}>
        <div className={classes.main}>
          <OperationMessage operation={operation} />
          {mayAct && <OperationActions operation={operation} onDone={look} />}
          <Facts operation={operation} />
          {operation.kind === 'move_pallets' && (
            <section className={classes.card} aria-labelledby="pallets">
              <h2 id="pallets" className={classes.section}>
                {t('detail.pallets')} <span className={classes.quiet}>{operation.lines.length}</span>
              </h2>
              <PalletTable lines={operation.lines} />
            </section>
          )}
        </div>
        <aside className={classes.side}>
          <section className={classes.card} aria-labelledby="timeline">
            <h2 id="timeline" className={classes.section}>
              {words('timeline.title')}
            </h2>
            <Timeline kind={operation.kind} entries={operation.timeline} />
          </section>
          <Technical operation={operation} />
        </aside>
      </div>
    </div>
  );
}

/** Back to where the list was left; a link of its own when one came from elsewhere. */
function BackLink() {
  const { t } = useTranslation('desk');
  const navigate = useNavigate();
  const { state } = useLocation() as { state: { fromList?: boolean } | null };
  return (
    <Anchor
      component={Link}
      to="/operations"
      className={`${classes.back} nv-no-print`}
      onClick={(event) => {
        if (!state?.fromList || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        void navigate(-1);
      }}
    >
      <IconArrowLeft size={18} aria-hidden />
      {t('detail.back')}
    </Anchor>
  );
}

/** What it is, where no pallet is moved: the document and what it comes to. */
function subjectFacts(
  { kind, subject }: OperationDetail,
  t: TFunction<'desk'>,
  words: TFunction<'operations'>,
  sales: TFunction<'sales'>,
  format: Format,
): [string, React.ReactNode][] {
  const family = kindSpecs[kind].family === 'sale' ? 'sale' : 'catalogue';
  const total = subject && subjectTotal(kind, subject, format);
  return [
    [
      t('detail.subject'),
      <span key="s">
        {words(`kind.${kind}`)} {subject !== null && subjectLabel(subject, sales)}{' '}
        {subject !== null && (
          <span className={classes.quiet}>{t(`detail.lines_${family}`, { count: subject.count })}</span>
        )}
      </span>,
    ],
    ...(total === null ? [] : ([[t('detail.amount'), total]] as [string, React.ReactNode][])),
  ];
}

function Facts({ operation }: { operation: OperationDetail }) {
  const { t } = useTranslation('desk');
  const { t: words } = useTranslation('operations');
  const { t: sales } = useTranslation('sales');
  const format = useFormat();
  const { destination, endedAt, scannedAt, createdAt } = operation;
  const moves = operation.kind === 'move_pallets';
  const facts: [string, React.ReactNode][] = [
    ...(moves
      ? ([
          [
            t('detail.destination'),
            <span key="d">
              {destination?.name ?? '–'}{' '}
              <span className={`nv-code ${classes.quiet} ${classes.whole}`}>{destination?.barcode}</span>
            </span>,
          ],
        ] as [string, React.ReactNode][])
      : subjectFacts(operation, t, words, sales, format)),
    [t('detail.person'), operation.createdBy?.name ?? t('system')],
    ...(operation.site === null ? [] : ([[t('detail.site'), operation.site.name]] as [string, React.ReactNode][])),
    ...(scannedAt === null
      ? []
      : ([[t('detail.scanned'), <When key="s" at={scannedAt} />]] as [string, React.ReactNode][])),
    [t('detail.accepted'), <When key="a" at={createdAt} />],
    ...(endedAt === null
      ? []
      : ([
          [
            t('detail.ended'),
            <span key="e">
              <When at={endedAt} />
              {finalStates.includes(operation.state) && (
                <span className={`${classes.quiet} ${classes.below}`}>
                  {t('detail.took', { duration: format.duration(createdAt, endedAt) })}
                </span>
              )}
            </span>,
          ],
        ] as [string, React.ReactNode][])),
    [t('detail.attempts'), format.number(operation.attempt)],
    ...(moves
      ? ([
          [
            t('detail.reference'),
            operation.reference ?? (
              <span className={classes.quiet}>
                {t(endedAt === null ? 'detail.reference_none' : 'detail.reference_never')}
              </span>
            ),
          ],
        ] as [string, React.ReactNode][])
      : []),
  ];
  return (
    <dl className={`${classes.card} ${classes.facts}`}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function When({ at }: { at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.time(at)}>
      {format.dateTime(at)}
    </time>
  );
}

/** For those who look after the system; folded, so that nobody else has to read it. */
function Technical({ operation }: { operation: OperationDetail }) {
  const { t } = useTranslation('desk');
  const rows: [string, string | null][] = [
    [t('detail.operation_id'), operation.id],
    [t('detail.workflow'), operation.workflowId],
    [t('detail.run'), operation.runId],
    [t('detail.step'), operation.step],
    [t('detail.version'), String(operation.version)],
    [
      t('detail.error'),
      operation.error === null ? null : [operation.error.code, operation.error.detail].filter(Boolean).join(': '),
    ],
  ];
  return (
    <details className={`${classes.card} ${classes.technical}`}>
      <summary>{t('detail.technical')}</summary>
      <dl>
        {rows.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="nv-code">{value}</dd>
            </div>
          ),
        )}
      </dl>
      {operation.temporalUrl !== null && (
        <Button
          component="a"
          href={operation.temporalUrl}
          target="_blank"
          rel="noreferrer"
          variant="default"
          size="sm"
          rightSection={<IconExternalLink size={16} aria-hidden />}
        >
          {t('detail.temporal')}
        </Button>
      )}
    </details>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
