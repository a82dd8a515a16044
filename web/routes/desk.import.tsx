import { Anchor, Button, SegmentedControl } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate, useRevalidator } from '@remix-run/react';
import { IconArrowBackUp, IconArrowLeft, IconCheck, IconFileImport } from '@tabler/icons-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportRowView, ImportView } from '../../api/imports/schemas';
import type { OperationDetail, OperationState } from '../../domain/operation';
import { useAnnounceChange } from '../components/desk/Announcer';
import { idOf, notFoundAs404 } from '../components/desk/loading.server';
import { MorePages } from '../components/desk/MorePages';
import detail from '../components/desk/OperationDetail.module.css';
import { ProblemNote } from '../components/desk/ProblemNote';
import { ImportMark, importStateOf } from '../components/desk/products/ImportMark';
import { ImportRows } from '../components/desk/products/ImportRows';
import classes from '../components/desk/products/Imports.module.css';
import { RunOf } from '../components/desk/products/Run';
import { runningOf, useImport } from '../components/desk/products/useImport';
import { useProductScan } from '../components/desk/products/useProductScan';
import { deskWords } from '../components/desk/title.server';
import { useCommand } from '../components/desk/useCommand';
import { forgetPages } from '../components/desk/useKeptPages';
import { usePages } from '../components/desk/usePages';
import { useFormat } from '../i18n/format';
import { localeOf } from '../i18n/i18n';
import { requireActor } from '../load-context.server';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'products.write');
  const { useCases } = context;
  const id = idOf(params);
  const file: ImportView = await notFoundAs404(() => useCases.getImport(actor, id));
  const asked = new URL(request.url).searchParams.get('lines');
  // What is wrong is what a person looks for first.
  const problems = asked === null ? file.badCount > 0 || file.keptCount > 0 : asked === 'problems';
  const running = runningOf(file);
  const [page, me] = await Promise.all([
    useCases.listRowsOfImport(actor, id, { problems, language: localeOf(request, actor.locale) }),
    useCases.me(actor),
  ]);
  const operation: OperationDetail | null = running === null ? null : await useCases.getOperation(actor, running);
  const title = deskWords(request, actor.locale)('products:imports.file_page_title', { file: file.fileName });
  return { file, page, problems, currency: me.tenant.currency, operation, title };
}

export default function ImportRoute() {
  const data = useLoaderData<typeof loader>();
  return <Import key={data.file.id} data={data} />;
}

function Import({ data }: { data: Awaited<ReturnType<typeof loader>> }) {
  const { t } = useTranslation('products');
  const navigate = useNavigate();
  const format = useFormat();
  const { revalidate } = useRevalidator();
  // The lines say more once it is applied, or undone.
  const onEnd = useCallback(() => {
    forgetPages();
    void revalidate();
  }, [revalidate]);
  const { file, stale, look } = useImport(data.file, onEnd);
  useDocumentTitle(t('imports.file_page_title', { file: file.fileName }));
  useProductScan();
  const announced = useAnnounceChange(t(`imports.state.${importStateOf(file)}`));
  const list = usePages<ImportRowView>(
    data.page,
    (cursor) =>
      `/imports/${file.id}/rows?${new URLSearchParams({ problems: String(data.problems), cursor }).toString()}`,
    ({ row }) => String(row),
  );
  const running = runningOf(file);
  const toApply = file.createCount + file.updateCount;

  return (
    <div className={detail.page}>
      <Anchor component={Link} to="/imports" className={`${detail.back} nv-no-print`}>
        <IconArrowLeft size={18} aria-hidden />
        {t('imports.back')}
      </Anchor>
      {announced}
      <header className={detail.head}>
        <h1 className={detail.title}>{file.fileName}</h1>
        <ImportMark file={file} />
      </header>
      {stale && (
        <p className={detail.stale} role="status">
          {t('run.stale')}
        </p>
      )}
      <section className={classes.box} aria-label={t('imports.summary')}>
        <Say file={file} />
        <Counts file={file} />
        {file.ignoredColumns.length > 0 && (
          <p className={classes.more}>
            {t('imports.ignored', { count: file.ignoredColumns.length, columns: file.ignoredColumns.join(', ') })}
          </p>
        )}
        {running !== null && (
          <RunOf id={running} loaded={data.operation}>
            {t('imports.count', { count: toApply, n: format.number(toApply) })}
          </RunOf>
        )}
        <Actions file={file} onDone={look} />
      </section>
      <div className={classes.show}>
        <SegmentedControl
          aria-label={t('imports.show')}
          value={data.problems ? 'problems' : 'all'}
          onChange={(lines) =>
            void navigate({ search: `?lines=${lines}` }, { replace: true, preventScrollReset: true })
          }
          data={[
            { value: 'problems', label: t('imports.show_problems') },
            { value: 'all', label: t('imports.show_all') },
          ]}
        />
      </div>
      {list.items.length === 0 ? (
        <p className={classes.none}>{t('imports.no_problems')}</p>
      ) : (
        <ImportRows rows={list.items} currency={data.currency} />
      )}
      <MorePages list={list} />
    </div>
  );
}

/** What it would do, or has done, in a sentence. */
function Say({ file }: { file: ImportView }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  const nothing = file.createCount + file.updateCount === 0;
  const [main, more] = ((): [string, string | null] => {
    switch (file.state) {
      case 'previewed':
        if (nothing) return [t('imports.say.previewed_nothing'), null];
        return [t('imports.say.previewed'), file.badCount > 0 ? t('imports.say.previewed_bad') : null];
      case 'applied':
        return [t('imports.say.applied', { count: file.doneCount, n: format.number(file.doneCount) }), null];
      case 'undone':
        return [
          file.keptCount > 0
            ? t('imports.say.undone_kept', { count: file.keptCount, n: format.number(file.keptCount) })
            : t('imports.say.undone'),
          null,
        ];
      case 'applying':
        if (file.needsAttention) {
          const [done, n] = [format.number(file.doneCount), format.number(file.createCount + file.updateCount)];
          return [t('imports.say.applying_rests', { done, n }), t('imports.say.applying_rests_do')];
        }
        return [t('imports.say.applying'), null];
      case 'undoing':
        return [t(file.needsAttention ? 'imports.say.undoing_rests' : 'imports.say.undoing'), null];
      case 'cancelled':
        return [t(`imports.say.${file.state}`), null];
    }
  })();
  return (
    <div>
      <p className={classes.say}>{main}</p>
      {more !== null && <p className={classes.more}>{more}</p>}
    </div>
  );
}

function Counts({ file }: { file: ImportView }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  const counts = [
    ['create', file.createCount, 'good'],
    ['update', file.updateCount, 'info'],
    ['same', file.sameCount, undefined],
    ['bad', file.badCount, 'bad'],
  ] as const;
  return (
    <dl className={classes.counts}>
      {counts.map(([what, count, tone]) => (
        <div key={what} className={classes.count} data-tone={count > 0 ? tone : undefined}>
          <dt>{t(`imports.${what}`, { count })}</dt>
          <dd>{format.number(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Accepted {
  operationId: string;
  state: OperationState;
}

/** Apply what was looked through; undo what was applied: one press each. */
function Actions({ file, onDone }: { file: ImportView; onDone(): void }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  const { run, busy, problem } = useCommand();
  const send = async (verb: 'apply' | 'undo'): Promise<void> => {
    await run<Accepted>({ method: 'POST', path: `/imports/${file.id}/${verb}` });
    onDone();
  };
  const toApply = file.createCount + file.updateCount;
  if (runningOf(file) !== null && problem === null) return null;
  return (
    <>
      {problem !== null && <ProblemNote problem={problem} />}
      <div className={`${classes.actions} nv-no-print`}>
        {file.state === 'previewed' && toApply > 0 && (
          <Button
            size="md"
            leftSection={<IconCheck size={20} aria-hidden />}
            loading={busy !== null}
            onClick={() => void send('apply')}
          >
            {t('imports.apply', { count: toApply, n: format.number(toApply) })}
          </Button>
        )}
        {file.state === 'applied' && (
          <Button
            size="md"
            variant="default"
            leftSection={<IconArrowBackUp size={20} aria-hidden />}
            loading={busy !== null}
            aria-describedby="undo-hint"
            onClick={() => void send('undo')}
          >
            {t('imports.undo')}
          </Button>
        )}
        {file.state !== 'applying' && file.state !== 'undoing' && (
          <Button
            component={Link}
            to="/imports"
            size="md"
            variant="subtle"
            leftSection={<IconFileImport size={20} aria-hidden />}
          >
            {t('imports.again')}
          </Button>
        )}
        {file.state === 'applied' && (
          <span id="undo-hint" className={classes.more}>
            {t('imports.undo_hint')}
          </span>
        )}
      </div>
    </>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
