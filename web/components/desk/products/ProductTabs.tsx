import { useRouteLoaderData } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { can, type Permission } from '../../../../domain/access';
import type { RootData } from '../../../root';
import { SectionTabs } from '../SectionTabs';

const tabs = [
  { to: '/products', title: 'title', permission: 'products.read' },
  { to: '/prices', title: 'prices.title', permission: 'prices.write' },
  { to: '/imports', title: 'imports.title', permission: 'products.write' },
] as const satisfies readonly { to: string; title: string; permission: Permission }[];

/** The screens of the catalogue that the person works with; a single one needs no tabs. */
export function ProductTabs() {
  const { t } = useTranslation('products');
  const user = useRouteLoaderData<RootData>('root')?.user;
  const own = tabs.filter(({ permission }) => user != null && can(user, permission));
  if (own.length < 2) return null;
  return <SectionTabs label={t('section')} tabs={own.map(({ to, title }) => ({ to, label: t(title) }))} />;
}
