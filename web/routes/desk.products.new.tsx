import { Anchor, Button, Checkbox, Radio, Stack } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import { IconArrowLeft } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductDetail } from '../../api/products/schemas';
import { oneColour, oneSize } from '../../domain/product';
import detail from '../components/desk/OperationDetail.module.css';
import { PageHead } from '../components/desk/PageHead';
import { ProblemNote } from '../components/desk/ProblemNote';
import { focusFirst } from '../components/desk/products/focus';
import classes from '../components/desk/products/Forms.module.css';
import { GridFields } from '../components/desk/products/GridFields';
import {
  blankProduct,
  checkProduct,
  type Errors,
  mended,
  type ProductDraft,
  productFields,
} from '../components/desk/products/product-form';
import { ProductFields } from '../components/desk/products/ProductFields';
import {
  blankGrid,
  checkGrid,
  type GridDraft,
  type GridErrors,
  gridErrorsOf,
  gridRows,
  gridVariants,
  hasErrors,
} from '../components/desk/products/variant-grid';
import { deskWords } from '../components/desk/title.server';
import { useCommand } from '../components/desk/useCommand';
import { useDeskScan } from '../components/desk/useDeskScan';
import { forgetPages } from '../components/desk/useKeptPages';
import { requireActor } from '../load-context.server';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'products.write');
  const { useCases } = context;
  const [categories, sizes, colours, sites, me] = await Promise.all([
    useCases.listCategories(actor),
    useCases.listSizes(actor, {}),
    useCases.listColours(actor, {}),
    useCases.listSites(actor),
    useCases.me(actor),
  ]);
  return {
    categories: categories.items.map(({ name }) => name),
    sizes: sizes.items.filter(({ name }) => name !== oneSize),
    colours: colours.items.filter(({ name }) => name !== oneColour),
    sites: sites.items,
    currency: me.tenant.currency,
    title: deskWords(request, actor.locale)('products:form.new_page_title'),
  };
}

export const shouldRevalidate = () => false;

const fine: GridErrors = { common: {}, rows: {} };

export default function NewProduct() {
  const { t } = useTranslation('products');
  const { t: common } = useTranslation();
  const data = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<ProductDraft>(blankProduct);
  const [grid, setGrid] = useState<GridDraft>(blankGrid);
  const [sites, setSites] = useState<string[] | null>(null);
  const [errors, setErrors] = useState<Errors<keyof ProductDraft | 'sites'>>({});
  const [gridErrors, setGridErrors] = useState<GridErrors>(fine);
  const { run, busy, problem } = useCommand();
  useDocumentTitle(t('form.new_page_title'));
  useDeskScan({ busy: true });
  const rows = gridRows(grid);

  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const wrong = {
      ...checkProduct(draft),
      ...(sites?.length === 0 && { sites: 'sites_missing' }),
    };
    const wrongGrid = checkGrid(grid, rows, draft.unit, data.currency);
    setErrors(wrong);
    setGridErrors(wrongGrid);
    if (Object.keys(wrong).length > 0 || hasErrors(wrongGrid)) return focusFirst(form);
    const outcome = await run<ProductDetail>({
      method: 'POST',
      path: '/products',
      body: {
        ...productFields(draft),
        variants: gridVariants(grid, rows, draft.unit, data.currency),
        ...(sites !== null && { sites }),
      },
    });
    if (outcome.kind === 'ok') {
      forgetPages();
      return void navigate(`/products/${outcome.value.id}`, { replace: true, state: { created: true } });
    }
    if (outcome.kind === 'problem') setGridErrors(gridErrorsOf(outcome.problem, rows));
    focusFirst(form);
  };

  const unplaced = problem !== null && Object.keys(errors).length === 0 && !hasErrors(gridErrors);
  return (
    <>
      <Anchor component={Link} to="/products" className={detail.back}>
        <IconArrowLeft size={18} aria-hidden />
        {t('detail.back')}
      </Anchor>
      <PageHead title={t('form.new_title')} />
      <form onSubmit={(event) => void save(event)} noValidate className={classes.page}>
        <section className={classes.card} aria-labelledby="what">
          <h2 id="what" className={classes.section}>
            {t('form.what')}
          </h2>
          <ProductFields
            draft={draft}
            set={(change) => {
              setDraft((before) => ({ ...before, ...change }));
              setErrors((before) => mended(before, change));
            }}
            errors={errors}
            categories={data.categories}
          />
        </section>
        <GridFields
          draft={grid}
          set={(change) => {
            setGrid((before) => ({ ...before, ...change }));
            setGridErrors(fine);
          }}
          rows={rows}
          errors={gridErrors}
          sizes={data.sizes}
          colours={data.colours}
        />
        <section className={classes.card} aria-labelledby="sites">
          <h2 id="sites" className={classes.section}>
            {t('form.sites')}
          </h2>
          <Radio.Group
            aria-labelledby="sites"
            value={sites === null ? 'all' : 'some'}
            onChange={(value) => {
              setSites(value === 'all' ? null : []);
              setErrors((before) => mended(before, { sites: null }));
            }}
            error={errors.sites === undefined ? null : t('form.sites_missing')}
          >
            <Stack gap="xs">
              <Radio value="all" label={t('form.all_sites')} />
              <Radio value="some" label={t('form.some_sites')} />
            </Stack>
          </Radio.Group>
          {sites !== null && (
            <Checkbox.Group
              value={sites}
              onChange={(chosen) => {
                setSites(chosen);
                setErrors((before) => mended(before, { sites: null }));
              }}
              aria-label={t('form.some_sites')}
            >
              <Stack gap="xs" ps="lg">
                {data.sites.map(({ id, name }) => (
                  <Checkbox key={id} value={id} label={name} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
        </section>
        {unplaced && <ProblemNote problem={problem} />}
        <div className={classes.answers}>
          <Button component={Link} to="/products" variant="default" size="md">
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy !== null}>
            {t('form.create')}
          </Button>
        </div>
      </form>
    </>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
