import { ActionIcon, Alert, Button, NativeSelect, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useNavigate, useRouteLoaderData } from '@remix-run/react';
import { IconCheck, IconInfoCircle, IconX } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductDetail } from '../../api/products/schemas';
import type { Entered } from '../../api/stock/schemas';
import type { VariantView } from '../../domain/product';
import { readApi } from '../components/desk/api';
import { ArticlePicker } from '../components/desk/ArticlePicker';
import table from '../components/desk/DataTable.module.css';
import { Card, DetailHead } from '../components/desk/Detail';
import classes from '../components/desk/Entry.module.css';
import {
  bodyOf,
  emptyEntry,
  type EntryDraft,
  type EntryLine,
  errorsOfLine,
  readDraft,
  totalOfLine,
  withArticle,
  withLine,
} from '../components/desk/entry-draft';
import { filterOf } from '../components/desk/list-query';
import page from '../components/desk/OperationDetail.module.css';
import { ProblemNote } from '../components/desk/ProblemNote';
import rows from '../components/desk/Rows.module.css';
import stores from '../components/desk/Stores.module.css';
import { deskWords } from '../components/desk/title.server';
import { useArticleScan } from '../components/desk/useArticleScan';
import { useCommand } from '../components/desk/useCommand';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'stock.write');
  const sites = (await context.useCases.listSites(actor)).items;
  const asked = filterOf(new URL(request.url).searchParams).id('siteId');
  const siteId = sites.find(({ id }) => id === asked)?.id ?? sites[0]?.id ?? '';
  return { sites, siteId, title: deskWords(request, actor.locale)('stock:entries.new_page_title') };
}

export const shouldRevalidate = () => false;

export default function NewEntry() {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const { sites, siteId } = useLoaderData<typeof loader>();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const navigate = useNavigate();
  const { draft, setDraft, restored, forget } = useDraft(`nervio-entry-${user?.id ?? ''}`, emptyEntry(siteId));
  const [tried, setTried] = useState(false);
  const [gone, setGone] = useState<{ line: EntryLine; at: number } | null>(null);
  const [costs, setCosts] = useState<Record<string, number>>({});
  const { run, busy, problem } = useCommand();
  useDocumentTitle(t('entries.new_page_title'));

  const add = (article: VariantView): void => {
    setDraft((before) => withArticle(before, article));
    setGone(null);
    if (costs[article.sku] !== undefined) return;
    // What it costs by now is what it will mostly cost again.
    void readApi<ProductDetail>(`/products/${article.productId}`).then((outcome) => {
      const variant = outcome.kind === 'ok' ? outcome.value.variants.find(({ id }) => id === article.id) : undefined;
      const cost = variant?.cost?.amount;
      if (cost === undefined) return;
      setCosts((before) => ({ ...before, [article.sku]: cost }));
      setDraft((before) => {
        const line = before.lines.find(({ sku }) => sku === article.sku);
        return line?.unitCost === '' && cost > 0
          ? withLine(before, article.sku, { unitCost: format.number(cost) })
          : before;
      });
    });
  };
  const { missed, forget: forgetMissed } = useArticleScan({
    siteId: draft.siteId,
    busy: busy !== null,
    onArticle: add,
  });

  const wrong = draft.lines.some((line) => Object.keys(errorsOfLine(line, draft.currency)).length > 0);
  const total = draft.lines.reduce((sum, line) => sum + (totalOfLine(line, draft.currency) ?? 0), 0);
  const money = (amount: number): string => format.money({ amount, currency: draft.currency });
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (draft.lines.length === 0 || wrong) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    const outcome = await run<Entered>({ method: 'POST', path: '/stock/entries', body: bodyOf(draft) });
    if (outcome.kind !== 'ok') return;
    forget();
    void navigate(`/entries/${outcome.value.id}`, { state: { saved: true }, replace: true });
  };
  const set = (change: Partial<EntryDraft>): void => setDraft((before) => ({ ...before, ...change }));
  return (
    <div className={page.page}>
      <DetailHead back={{ to: '/entries', label: t('entries.back') }} title={t('entries.new_title')} />
      {restored && (
        <Alert
          color="petrol"
          variant="light"
          radius="md"
          mb="md"
          icon={<IconInfoCircle aria-hidden />}
          c="var(--nv-text)"
        >
          {t('entries.restored')}{' '}
          <Button size="compact-sm" variant="default" ms="sm" onClick={forget}>
            {t('entries.discard')}
          </Button>
        </Alert>
      )}
      <form className={page.main} onSubmit={(event) => void save(event)} noValidate>
        <section className={page.card}>
          <div className={classes.head}>
            <NativeSelect
              label={t('entries.where')}
              value={draft.siteId}
              onChange={({ currentTarget }) => set({ siteId: currentTarget.value })}
              data={sites.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <TextInput
              label={t('entries.supplier')}
              value={draft.supplier}
              maxLength={120}
              autoComplete="off"
              onChange={({ currentTarget }) => set({ supplier: currentTarget.value })}
            />
            <TextInput
              label={t('entries.reference')}
              placeholder={t('entries.reference_hint')}
              value={draft.reference}
              maxLength={120}
              autoComplete="off"
              onChange={({ currentTarget }) => set({ reference: currentTarget.value })}
            />
            <TextInput
              label={t('entries.note')}
              value={draft.note}
              maxLength={500}
              autoComplete="off"
              onChange={({ currentTarget }) => set({ note: currentTarget.value })}
            />
          </div>
        </section>
        <Card title={t('entries.lines')} {...(draft.lines.length > 0 && { count: draft.lines.length })}>
          <ArticlePicker
            label={t('pick.label')}
            missed={missed}
            onPick={(article) => {
              forgetMissed();
              add(article);
            }}
          />
          {gone !== null && (
            <p className={classes.gone} role="status">
              {t('entries.removed', { name: gone.line.name })}
              <Button
                size="compact-md"
                variant="default"
                onClick={() => {
                  setDraft((before) => ({
                    ...before,
                    lines: [...before.lines.slice(0, gone.at), gone.line, ...before.lines.slice(gone.at)],
                  }));
                  setGone(null);
                }}
              >
                {t('entries.undo')}
              </Button>
            </p>
          )}
          {draft.lines.length === 0 ? (
            <p className={stores.below} data-tone={tried ? 'bad' : undefined} role={tried ? 'alert' : undefined}>
              {t(tried ? 'entries.no_lines' : 'entries.lines_empty')}
            </p>
          ) : (
            <table className={`${table.table} ${classes.lines}`} style={{ marginTop: 14 }}>
              <thead>
                <tr>
                  <th scope="col">{t('article')}</th>
                  <th scope="col">{t('entries.quantity')}</th>
                  <th scope="col">{t('entries.unit_cost')}</th>
                  <th scope="col" className={rows.figure}>
                    {t('entries.total')}
                  </th>
                  <th scope="col" />
                </tr>
              </thead>
              <tbody>
                {draft.lines.map((line, index) => (
                  <Line
                    key={line.sku}
                    line={line}
                    currency={draft.currency}
                    cost={costs[line.sku] ?? null}
                    tried={tried}
                    set={(change) => setDraft((before) => withLine(before, line.sku, change))}
                    onRemove={() => {
                      setGone({ line, at: index });
                      setDraft((before) => ({ ...before, lines: before.lines.filter(({ sku }) => sku !== line.sku) }));
                    }}
                  />
                ))}
              </tbody>
            </table>
          )}
          <p className={stores.below}>
            {t('entries.mean')} {t('entries.kept')}
          </p>
          {problem !== null && <ProblemNote problem={problem} />}
          {tried && wrong && (
            <p className={stores.below} role="alert">
              {t('entries.bad_lines')}
            </p>
          )}
          <div className={classes.end}>
            <p className={`${classes.total} nv-figures`}>
              {t('entries.total')}: {money(total)}
            </p>
            <Button type="submit" size="md" leftSection={<IconCheck size={20} aria-hidden />} loading={busy !== null}>
              {t('entries.save')}
            </Button>
          </div>
        </Card>
      </form>
    </div>
  );
}

function Line(props: {
  line: EntryLine;
  currency: string;
  /** What it costs the business by now, minor units. */
  cost: number | null;
  tried: boolean;
  set(change: Partial<EntryLine>): void;
  onRemove(): void;
}) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const { line, currency, cost, tried, set } = props;
  const errors = tried ? errorsOfLine(line, currency) : {};
  const total = totalOfLine(line, currency);
  return (
    <tr>
      <td>
        <span>
          <span className={table.strong}>{line.name}</span>
          <span className={`${table.block} ${table.quiet} nv-code`}>{line.sku}</span>
        </span>
      </td>
      <td>
        <TextInput
          className={classes.input}
          aria-label={`${t('entries.quantity')}: ${line.name}`}
          inputMode="decimal"
          autoComplete="off"
          value={line.quantity}
          {...(line.unit !== 'unit' && { rightSection: <span className={table.quiet}>{line.unit}</span> })}
          error={errors.quantity === undefined ? null : t(`entries.${errors.quantity}`)}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onChange={({ currentTarget }) => set({ quantity: currentTarget.value })}
        />
      </td>
      <td>
        <TextInput
          className={classes.input}
          aria-label={`${t('entries.unit_cost')}: ${line.name}`}
          inputMode="decimal"
          autoComplete="off"
          value={line.unitCost}
          leftSection={<span className={table.quiet}>$</span>}
          error={errors.unitCost === undefined ? null : t(`entries.${errors.unitCost}`)}
          {...(cost !== null && {
            description: t('entries.cost_now', { money: format.money({ amount: cost, currency }) }),
            inputWrapperOrder: ['label', 'input', 'error', 'description'],
          })}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onChange={({ currentTarget }) => set({ unitCost: currentTarget.value })}
        />
      </td>
      <td className={rows.figure} data-label={t('entries.total')}>
        <strong>{total === null ? '–' : format.money({ amount: total, currency })}</strong>
      </td>
      <td>
        <ActionIcon size={40} aria-label={t('entries.remove', { name: line.name })} onClick={props.onRemove}>
          <IconX size={20} aria-hidden />
        </ActionIcon>
      </td>
    </tr>
  );
}

/** A draft that outlives the page: on this device, until it is sent or thrown away. */
function useDraft(place: string, empty: EntryDraft) {
  const [draft, setDraft] = useState(empty);
  const [restored, setRestored] = useState(false);
  const read = useRef(false);
  useEffect(() => {
    const kept = readDraft(window.localStorage.getItem(place));
    read.current = true;
    if (kept === null || kept.lines.length === 0) return;
    setDraft(kept);
    setRestored(true);
  }, [place]);
  useEffect(() => {
    if (!read.current) return;
    if (draft.lines.length === 0) window.localStorage.removeItem(place);
    else window.localStorage.setItem(place, JSON.stringify(draft));
  }, [place, draft]);
  return {
    draft,
    setDraft,
    restored: restored && draft.lines.length > 0,
    forget(): void {
      window.localStorage.removeItem(place);
      setDraft(empty);
      setRestored(false);
    },
  };
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
