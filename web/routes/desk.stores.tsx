import { Button, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate, useRouteLoaderData } from '@remix-run/react';
import { IconBuildingStore, IconBuildingWarehouse, IconPlus, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { can } from '../../domain/access';
import table from '../components/desk/DataTable.module.css';
import { filterOf } from '../components/desk/list-query';
import { PageHead } from '../components/desk/PageHead';
import rows from '../components/desk/Rows.module.css';
import { SearchField } from '../components/desk/SearchField';
import { SidePanel } from '../components/desk/SidePanel';
import { SiteForm } from '../components/desk/SiteForm';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { EmptyState } from '../components/EmptyState';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'sites.read');
  const { useCases } = context;
  const [sites, registers, timeZone] = await Promise.all([
    useCases.listSites(actor),
    can(actor, 'sales.read') ? useCases.listRegisters(actor, {}) : null,
    useCases.timeZoneOf(actor),
  ]);
  const items = sites.items.map((site) => {
    const own = registers?.items.filter(({ siteId }) => siteId === site.id);
    const open = own?.filter(({ session }) => session !== null).length;
    return { ...site, registers: own === undefined ? null : { count: own.length, open: open ?? 0 } };
  });
  return { items, timeZone, title: deskWords(request, actor.locale)('stores:page_title') };
}

/** What is searched for and whether the form is open are in the address too; that is no reason to ask again. */
export const shouldRevalidate = () => false;

export default function Stores() {
  const { t } = useTranslation('stores');
  const { items, timeZone } = useLoaderData<typeof loader>();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { params, set } = useAddress();
  const navigate = useNavigate();
  useDocumentTitle(t('page_title'));
  const mayWrite = user != null && can(user, 'sites.write');
  const open = mayWrite && params.has('new');
  useDeskScan({ busy: open });
  const q = filterOf(params).text('q');
  const shown = items.filter(({ name }) => name.toLowerCase().includes(q?.toLowerCase() ?? ''));
  const create = mayWrite && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => set({ new: '1' })}>
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('title')} aside={create} />
      {!mayWrite && (
        <Text c="dimmed" mb="md">
          {t('read_only')}
        </Text>
      )}
      {items.length > 8 && (
        <div className={table.filters} role="search">
          <SearchField label={t('search')} value={q} set={(next) => set({ q: next })} />
        </div>
      )}
      {items.length === 0 ? (
        <EmptyState icon={IconBuildingStore} title={t('empty_title')} text={t('empty_text')} action={create} />
      ) : shown.length === 0 ? (
        <EmptyState icon={IconSearch} title={t('none_found')} text={t('none_found_text')} />
      ) : (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('name')}</th>
              <th scope="col">{t('kind')}</th>
              <th scope="col">{t('registers')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((site) => (
              <tr key={site.id} className={rows.row}>
                <td>
                  <Link to={`/stores/${site.id}`} className={rows.link} prefetch="intent">
                    {site.name}
                  </Link>
                </td>
                <td>
                  <Kind kind={site.kind} />
                </td>
                <td>
                  {site.registers !== null && site.kind === 'store' && (
                    <span>
                      {t('registers_count', { count: site.registers.count })}
                      {site.registers.open > 0 && (
                        <span className={table.quiet}> · {t('registers_open', { count: site.registers.open })}</span>
                      )}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <SidePanel opened={open} onClose={() => set({ new: null })} title={t('new_title')}>
        <SiteForm
          site={null}
          timeZone={timeZone}
          onSaved={(site) => void navigate(`/stores/${site.id}`, { state: { created: true } })}
          onSeen={() => undefined}
          onClose={() => set({ new: null })}
        />
      </SidePanel>
    </>
  );
}

function Kind({ kind }: { kind: 'store' | 'warehouse' }) {
  const { t } = useTranslation('stores');
  const Icon = kind === 'store' ? IconBuildingStore : IconBuildingWarehouse;
  return (
    <span className={table.mark}>
      <Icon size={17} stroke={1.8} aria-hidden /> {t(`kind_${kind}`)}
    </span>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
