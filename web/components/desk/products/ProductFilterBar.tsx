import { Button, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@remix-run/react';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ClearFilters } from '../FilterBar';
import classes from '../FilterBar.module.css';
import { SearchField } from '../SearchField';
import { SidePanel } from '../SidePanel';
import { countProductFilters, type ProductFilters, productSearchOf, productStates } from './product-query';

export interface ProductChoices {
  sites: { id: string; name: string }[];
  categories: string[];
}

/** The filters of products; each choice is in the address at once. */
export function ProductFilterBar({ filters, choices }: { filters: ProductFilters; choices: ProductChoices }) {
  const { t } = useTranslation('products');
  const { t: desk } = useTranslation('desk');
  const navigate = useNavigate();
  const [open, drawer] = useDisclosure(false);
  const set = (change: Partial<ProductFilters>): void => {
    void navigate({ search: productSearchOf({ ...filters, ...change }) }, { replace: true, preventScrollReset: true });
  };
  const selects = (
    <>
      <NativeSelect
        aria-label={t('site')}
        value={filters.siteId ?? ''}
        onChange={({ currentTarget }) => set({ siteId: currentTarget.value || null })}
        data={[
          { value: '', label: t('site_any') },
          ...choices.sites.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <CategorySelect
        categories={choices.categories}
        value={filters.category}
        set={(category) => set({ category })}
        label={t('category')}
      />
      <NativeSelect
        aria-label={t('state')}
        value={filters.state ?? 'on_sale'}
        onChange={({ currentTarget: { value } }) =>
          set({ state: value === 'withdrawn' || value === 'all' ? value : null })
        }
        data={productStates.map((state) => ({ value: state, label: t(`state_${state}`) }))}
      />
    </>
  );
  return (
    <div className={classes.bar} role="search">
      <SearchField className={classes.search} label={t('search')} value={filters.q} set={(q) => set({ q })} />
      <div className={classes.selects}>{selects}</div>
      <Button
        className={classes.open}
        variant="default"
        size="md"
        leftSection={<IconAdjustmentsHorizontal size={20} aria-hidden />}
        onClick={drawer.open}
      >
        {desk('filter.open', { count: countProductFilters({ ...filters, q: null }) })}
      </Button>
      {countProductFilters(filters) > 0 && <ClearFilters className={classes.clear} />}
      <SidePanel opened={open} onClose={drawer.close} title={desk('filter.title')} low>
        <div className={classes.sheet}>
          {selects}
          <Button size="lg" mt="sm" onClick={drawer.close}>
            {desk('filter.done')}
          </Button>
        </div>
      </SidePanel>
    </div>
  );
}

export function CategorySelect(props: {
  categories: string[];
  value: string | null;
  set(category: string | null): void;
  label: string;
}) {
  const { t } = useTranslation('products');
  return (
    <NativeSelect
      aria-label={props.label}
      value={props.value ?? ''}
      onChange={({ currentTarget }) => props.set(currentTarget.value || null)}
      data={[{ value: '', label: t('category_any') }, ...props.categories]}
    />
  );
}
