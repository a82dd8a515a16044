import { ActionIcon, Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigation, useRouteLoaderData } from '@remix-run/react';
import { IconFileImport, IconPlus, IconSearch, IconTags } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { can } from '../../domain/access';
import type { VariantView } from '../../domain/product';
import { ClearFilters } from '../components/desk/FilterBar';
import { MorePages } from '../components/desk/MorePages';
import classes from '../components/desk/Operations.module.css';
import { PageHead } from '../components/desk/PageHead';
import { ProductFilterBar } from '../components/desk/products/ProductFilterBar';
import { countProductFilters, productFiltersOf, productQueryOf } from '../components/desk/products/product-query';
import { ProductTabs } from '../components/desk/products/ProductTabs';
import { ProductTable } from '../components/desk/products/ProductTable';
import { useProductScan } from '../components/desk/products/useProductScan';
import { deskWords } from '../components/desk/title.server';
import { useKeptPages } from '../components/desk/useKeptPages';
import { notFoundAs404 } from '../components/desk/loading.server';
import { EmptyState } from '../components/EmptyState';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'products.read');
  const { useCases } = context;
  const filters = productFiltersOf(new URL(request.url).searchParams);
  const [page, sites, categories] = await Promise.all([
    notFoundAs404(() => useCases.listProducts(actor, productQueryOf(filters))),
    useCases.listSites(actor),
    useCases.listCategories(actor),
  ]);
  return {
    page,
    filters,
    sites: sites.items,
    categories: categories.items.map(({ name }) => name),
    title: deskWords(request, actor.locale)('products:page_title'),
  };
}

export default function Products() {
  const { t } = useTranslation('products');
  const data = useLoaderData<typeof loader>();
  const { filters } = data;
  const user = useRouteLoaderData<RootData>('root')?.user;
  useDocumentTitle(t('page_title'));
  const list = useKeptPages<VariantView>(
    data.page,
    (cursor) => {
      const params = new URLSearchParams({ ...productQueryOf(filters), cursor });
      return `/products?${params.toString()}`;
    },
    ({ id }) => id,
  );
  useProductScan();
  const changing = useNavigation().location?.pathname === '/products';
  const mayWrite = user != null && can(user, 'products.write');
  const site = data.sites.find(({ id }) => id === filters.siteId)?.name ?? null;

  return (
    <>
      <PageHead title={t('title')} aside={mayWrite && <Actions />} />
      <ProductTabs />
      <ProductFilterBar filters={filters} choices={data} />
      <div className={classes.rows} aria-busy={changing} data-changing={changing}>
        {list.items.length > 0 ? (
          <ProductTable rows={list.items} site={site} />
        ) : countProductFilters(filters) > 0 ? (
          <EmptyState
            icon={IconSearch}
            title={t('empty.filtered_title')}
            text={t('empty.filtered_text')}
            action={<ClearFilters />}
          />
        ) : (
          <EmptyState
            icon={IconTags}
            title={t('empty.title')}
            text={t(mayWrite ? 'empty.text' : 'empty.text_read')}
            action={
              mayWrite && (
                <Button component={Link} to="/imports" size="md" leftSection={<IconFileImport size={20} aria-hidden />}>
                  {t('import')}
                </Button>
              )
            }
          />
        )}
        <MorePages list={list} />
      </div>
    </>
  );
}

function Actions() {
  const { t } = useTranslation('products');
  return (
    <>
      <Button
        component={Link}
        to="/imports"
        variant="light"
        visibleFrom="sm"
        leftSection={<IconFileImport size={18} aria-hidden />}
      >
        {t('import')}
      </Button>
      <Button component={Link} to="/products/new" visibleFrom="sm" leftSection={<IconPlus size={18} aria-hidden />}>
        {t('new')}
      </Button>
      <ActionIcon
        component={Link}
        to="/products/new"
        variant="filled"
        color="petrol"
        size={44}
        hiddenFrom="sm"
        aria-label={t('new')}
      >
        <IconPlus size={24} aria-hidden />
      </ActionIcon>
    </>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
