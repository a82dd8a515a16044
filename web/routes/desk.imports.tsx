import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { IconFileImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '../../api/imports/schemas';
import { MorePages } from '../components/desk/MorePages';
import { PageHead } from '../components/desk/PageHead';
import { ImportTable } from '../components/desk/products/ImportTable';
import { ImportUpload } from '../components/desk/products/ImportUpload';
import { ProductTabs } from '../components/desk/products/ProductTabs';
import { useProductScan } from '../components/desk/products/useProductScan';
import { deskWords } from '../components/desk/title.server';
import { useKeptPages } from '../components/desk/useKeptPages';
import { EmptyState } from '../components/EmptyState';
import { requireActor } from '../load-context.server';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'products.write');
  const page = await context.useCases.listImports(actor, {});
  return { page, title: deskWords(request, actor.locale)('products:imports.page_title') };
}

export default function Imports() {
  const { t } = useTranslation('products');
  const data = useLoaderData<typeof loader>();
  useDocumentTitle(t('imports.page_title'));
  useProductScan();
  const list = useKeptPages<ImportView>(
    data.page,
    (cursor) => `/imports?cursor=${encodeURIComponent(cursor)}`,
    ({ id }) => id,
  );
  return (
    <>
      <PageHead title={t('imports.title')} />
      <ProductTabs />
      <ImportUpload />
      {list.items.length === 0 ? (
        <EmptyState icon={IconFileImport} title={t('imports.empty_title')} text={t('imports.empty_text')} />
      ) : (
        <ImportTable rows={list.items} />
      )}
      <MorePages list={list} />
    </>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
