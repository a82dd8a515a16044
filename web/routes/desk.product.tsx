import { Anchor, Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useLocation, useNavigate, useRouteLoaderData, useSearchParams } from '@remix-run/react';
import { IconArrowBackUp, IconArrowLeft, IconBan, IconCircleCheck, IconPencil, IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductDetail } from '../../api/products/schemas';
import { can } from '../../domain/access';
import { oneColour, oneSize } from '../../domain/product';
import { useAnnounceChange } from '../components/desk/Announcer';
import { readApi } from '../components/desk/api';
import { idOf, notFoundAs404 } from '../components/desk/loading.server';
import detail from '../components/desk/OperationDetail.module.css';
import { ProblemNote } from '../components/desk/ProblemNote';
import { MoreVariantsForm } from '../components/desk/products/MoreVariantsForm';
import { Pictures } from '../components/desk/products/Pictures';
import classes from '../components/desk/products/ProductDetail.module.css';
import { ProductForm } from '../components/desk/products/ProductForm';
import { SitePricesForm } from '../components/desk/products/SitePricesForm';
import { StockBySite } from '../components/desk/products/StockBySite';
import { useProductScan } from '../components/desk/products/useProductScan';
import { VariantForm } from '../components/desk/products/VariantForm';
import { VariantTable } from '../components/desk/products/VariantTable';
import { SidePanel } from '../components/desk/SidePanel';
import { deskWords } from '../components/desk/title.server';
import { useCommand } from '../components/desk/useCommand';
import { forgetPages } from '../components/desk/useKeptPages';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'products.read');
  const { useCases } = context;
  const [product, categories, sizes, colours, me] = await Promise.all([
    notFoundAs404<ProductDetail>(() => useCases.getProduct(actor, idOf(params))),
    useCases.listCategories(actor),
    useCases.listSizes(actor, {}),
    useCases.listColours(actor, {}),
    useCases.me(actor),
  ]);
  return {
    product,
    categories: categories.items.map(({ name }) => name),
    sizes: sizes.items.filter(({ name }) => name !== oneSize),
    colours: colours.items.filter(({ name }) => name !== oneColour),
    currency: me.tenant.currency,
    title: deskWords(request, actor.locale)('products:detail.page_title', { name: product.name }),
  };
}

/** Which form is open is in the address too; that is no reason to ask again. */
export const shouldRevalidate = ({ currentUrl, nextUrl }: { currentUrl: URL; nextUrl: URL }) =>
  currentUrl.pathname !== nextUrl.pathname;

type Loaded = Awaited<ReturnType<typeof loader>>;

export default function ProductRoute() {
  const data = useLoaderData<typeof loader>();
  return <Product key={data.product.id} loaded={data} />;
}

type Said = 'saved' | 'created' | 'withdrawn' | 'restored';

function Product({ loaded }: { loaded: Loaded }) {
  const { t } = useTranslation('products');
  const format = useFormat();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { state } = useLocation() as { state: { created?: boolean; fromList?: boolean } | null };
  const [product, setProduct] = useState<ProductDetail>(loaded.product);
  const [said, setSaid] = useState<Said | null>(state?.created ? 'created' : null);
  const [params, setParams] = useSearchParams();
  const { run, busy, problem } = useCommand();
  useDocumentTitle(t('detail.page_title', { name: product.name }));
  const announced = useAnnounceChange(said === null ? '' : t(`detail.${said}`));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);

  const mayWrite = user != null && can(user, 'products.write');
  const mayPrice = user != null && can(user, 'prices.write');
  // One step back leads to the list, whatever was open here.
  const stay = { preventScrollReset: true, replace: true, state };
  const form = params.get('form');
  const variant = product.variants.find(({ id }) => id === params.get('variant'));
  const open = (name: string, variantId?: string): void =>
    setParams({ form: name, ...(variantId !== undefined && { variant: variantId }) }, stay);
  const close = (): void => setParams({}, stay);
  useProductScan({ busy: form !== null });

  const changed = (fresh: ProductDetail): void => {
    forgetPages();
    setProduct(fresh);
  };
  const saved = (fresh: ProductDetail): void => {
    changed(fresh);
    setSaid('saved');
    close();
  };
  const look = async (): Promise<void> => {
    const fresh = await readApi<ProductDetail>(`/products/${product.id}`);
    if (fresh.kind === 'ok') changed(fresh.value);
  };
  const withdrawn = product.withdrawnAt !== null;
  const toggle = async (): Promise<void> => {
    const outcome = await run<ProductDetail>({
      method: 'PATCH',
      path: `/products/${product.id}`,
      body: { version: product.version, withdrawn: !withdrawn },
    });
    if (outcome.kind === 'ok') {
      changed(outcome.value);
      setSaid(withdrawn ? 'restored' : 'withdrawn');
    } else if (outcome.kind === 'problem') await look();
  };

  const facts: [string, string][] = [
    [t('detail.category'), product.category ?? t('detail.no_category')],
    [t('detail.unit'), t(`unit.${product.unit}`)],
    [t('detail.tax'), format.percent(product.taxRate)],
    [t('detail.changed'), format.dateTime(product.updatedAt)],
  ];
  return (
    <div className={detail.page}>
      <BackLink />
      {announced}
      <header className={detail.head}>
        <h1 ref={heading} tabIndex={-1} className={detail.title}>
          {product.name}
        </h1>
        {said !== null && (
          <span className={classes.said}>
            <IconCircleCheck size={18} aria-hidden /> {t(`detail.${said}`)}
          </span>
        )}
        {mayWrite && (
          <div className={`${classes.actions} nv-no-print`}>
            <Button
              variant="default"
              leftSection={withdrawn ? <IconArrowBackUp size={18} aria-hidden /> : <IconBan size={18} aria-hidden />}
              loading={busy !== null}
              onClick={() => void toggle()}
            >
              {t(withdrawn ? 'detail.restore' : 'detail.withdraw')}
            </Button>
            <Button leftSection={<IconPencil size={18} aria-hidden />} onClick={() => open('product')}>
              {t('detail.edit')}
            </Button>
          </div>
        )}
      </header>
      {problem !== null && <ProblemNote problem={problem} />}
      {product.withdrawnAt !== null && (
        <p className={classes.withdrawn}>
          <IconBan size={20} aria-hidden />
          {t('detail.withdrawn_since', { when: format.dateTime(product.withdrawnAt) })}
        </p>
      )}
      <div className={detail.columns}>
        <section className={detail.card} aria-labelledby="facts">
          <h2 id="facts" className={detail.section}>
            {t('detail.facts')}
          </h2>
          <dl className={detail.facts}>
            {facts.map(([name, value]) => (
              <div key={name} className={detail.fact}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {product.description !== null && <p className={classes.description}>{product.description}</p>}
        </section>
        <Pictures product={product} mayWrite={mayWrite} onChanged={look} />
        <section className={classes.wide} aria-labelledby="variants">
          <div className={classes.sectionHead}>
            <h2 id="variants" className={classes.section}>
              {t('detail.variants')} <span className={detail.quiet}>{product.variants.length}</span>
            </h2>
            {mayWrite && (
              <Button variant="light" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => open('more')}>
                {t('detail.add_variants')}
              </Button>
            )}
          </div>
          <VariantTable product={product} onEdit={mayWrite ? (id) => open('variant', id) : null} />
        </section>
        <section className={`${detail.card} ${classes.wide}`} aria-labelledby="by-site">
          <div className={classes.sectionHead}>
            <div>
              <h2 id="by-site" className={classes.section}>
                {t('detail.by_site')}
              </h2>
              <p className={classes.hint}>{t('detail.by_site_hint')}</p>
            </div>
          </div>
          <StockBySite product={product} onPrices={mayPrice ? (id) => open('prices', id) : null} />
        </section>
      </div>
      <SidePanel
        opened={mayWrite && form === 'product'}
        onClose={close}
        title={t('form.edit_title', { name: product.name })}
      >
        <ProductForm product={product} categories={loaded.categories} onSaved={saved} onClose={close} />
      </SidePanel>
      <SidePanel
        opened={mayWrite && form === 'variant' && variant !== undefined}
        onClose={close}
        title={t('form.variant_title', { sku: variant?.sku ?? '' })}
      >
        {variant !== undefined && (
          <VariantForm
            key={variant.id}
            product={product}
            variant={variant}
            onChanged={changed}
            onSaved={saved}
            onClose={close}
          />
        )}
      </SidePanel>
      <SidePanel
        opened={mayPrice && form === 'prices' && variant !== undefined}
        onClose={close}
        title={t('form.prices_title', { sku: variant?.sku ?? '' })}
      >
        {variant !== undefined && <SitePricesForm key={variant.id} variant={variant} onSaved={saved} onClose={close} />}
      </SidePanel>
      <SidePanel
        opened={mayWrite && form === 'more'}
        onClose={close}
        title={t('form.more_title', { name: product.name })}
        wide
      >
        <MoreVariantsForm
          product={product}
          currency={loaded.currency}
          sizes={loaded.sizes}
          colours={loaded.colours}
          onSaved={saved}
          onClose={close}
        />
      </SidePanel>
    </div>
  );
}

/** Back to where the list was left; a link of its own when one came from elsewhere. */
function BackLink() {
  const { t } = useTranslation('products');
  const navigate = useNavigate();
  const { state } = useLocation() as { state: { fromList?: boolean } | null };
  return (
    <Anchor
      component={Link}
      to="/products"
      className={`${detail.back} nv-no-print`}
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

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
