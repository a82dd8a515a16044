import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useLocation, useRouteLoaderData } from '@remix-run/react';
import { IconBox, IconPencil } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RegisterView } from '../../api/registers/schemas';
import type { SiteSetup } from '../../api/sites/schemas';
import { can } from '../../domain/access';
import { AddNamed } from '../components/desk/AddNamed';
import { Card, DetailHead, Facts } from '../components/desk/Detail';
import { idOf, notFoundAs404 } from '../components/desk/loading.server';
import page from '../components/desk/OperationDetail.module.css';
import rows from '../components/desk/Rows.module.css';
import { Said } from '../components/desk/Said';
import { SidePanel } from '../components/desk/SidePanel';
import { SiteForm } from '../components/desk/SiteForm';
import classes from '../components/desk/Stores.module.css';
import { deskWords } from '../components/desk/title.server';
import { useAddress } from '../components/desk/useAddress';
import { useDeskScan } from '../components/desk/useDeskScan';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'sites.read');
  const id = idOf(params);
  const { useCases } = context;
  const [site, registers] = await Promise.all([
    notFoundAs404(() => useCases.getSite(actor, id)),
    can(actor, 'sales.read') ? notFoundAs404(() => useCases.listRegisters(actor, { siteId: id })) : { items: [] },
  ]);
  return {
    site,
    registers: registers.items,
    title: `${site.name} · ${deskWords(request, actor.locale)('stores:page_title')}`,
  };
}

/** What changes here changes by its own commands; the form is in the address. */
export const shouldRevalidate = ({ currentUrl, nextUrl }: { currentUrl: URL; nextUrl: URL }) =>
  currentUrl.pathname !== nextUrl.pathname;

export default function StoreRoute() {
  const { site, registers } = useLoaderData<typeof loader>();
  return <Store key={site.id} loaded={site} loadedRegisters={registers} />;
}

function Store({ loaded, loadedRegisters }: { loaded: SiteSetup; loadedRegisters: RegisterView[] }) {
  const { t } = useTranslation('stores');
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { params, set } = useAddress();
  const created = (useLocation().state as { created?: boolean } | null)?.created === true;
  const [site, setSite] = useState(loaded);
  const [registers, setRegisters] = useState(loadedRegisters);
  const [said, setSaid] = useState('');
  useDocumentTitle(`${site.name} · ${t('page_title')}`);
  const may = (permission: 'sites.write' | 'products.write' | 'registers.write' | 'stock.read'): boolean =>
    user != null && can(user, permission);
  const open = may('sites.write') && params.has('edit');
  useDeskScan({ busy: open });

  useEffect(() => {
    if (!created) return;
    setSaid(
      t('created', {
        name: loaded.name,
        locations: t('locations_count', { count: loaded.locations.length }),
        sizes: t('sizes_count', { count: loaded.sizes.length }),
        colours: t('colours_count', { count: loaded.colours.length }),
      }),
    );
  }, [created, loaded, t]);
  const added = (name: string): void => setSaid(t('added', { name }));

  return (
    <div className={page.page}>
      <DetailHead
        back={{ to: '/stores', label: t('back') }}
        title={site.name}
        mark={
          <>
            <span className={rows.tag}>{t(`kind_${site.kind}`)}</span>
            {!site.active && <span className={rows.tag}>{t('inactive')}</span>}
          </>
        }
      >
        {may('stock.read') && (
          <Button
            component={Link}
            to={`/stock?siteId=${site.id}`}
            variant="default"
            leftSection={<IconBox size={18} aria-hidden />}
          >
            {t('stock')}
          </Button>
        )}
        {may('sites.write') && (
          <Button leftSection={<IconPencil size={18} aria-hidden />} onClick={() => set({ edit: '1' })}>
            {t('edit')}
          </Button>
        )}
      </DetailHead>
      <Said words={said} />
      <div className={page.columns}>
        <div className={page.main}>
          <Facts
            facts={[
              [t('address'), site.address ?? t('no_address')],
              [t('time_zone'), site.timeZone.replaceAll('_', ' ')],
              [t('allow_negative'), t(site.allowNegative ? 'allow_negative_yes' : 'allow_negative_no')],
            ]}
          />
          {site.kind === 'store' && (
            <Card title={t('registers')} count={registers.length}>
              {registers.length === 0 && <p className={classes.hint}>{t('no_registers')}</p>}
              <ul className={classes.list}>
                {registers.map((register) => (
                  <li key={register.id} className={classes.item}>
                    <Link className={classes.plain} to={`/registers?registerId=${register.id}`}>
                      {register.name}
                    </Link>
                    <span className={rows.tag} data-tone={register.session === null ? undefined : 'good'}>
                      {register.session === null
                        ? t('register_closed')
                        : t('register_open', { name: register.session.openedBy.name })}
                    </span>
                  </li>
                ))}
              </ul>
              {may('registers.write') && (
                <AddNamed<RegisterView>
                  path="/registers"
                  more={{ siteId: site.id }}
                  label={t('new_register')}
                  placeholder={t('new_register_hint')}
                  maxLength={60}
                  taken="register_name_taken"
                  onAdded={(made) => {
                    setRegisters((before) => [...before, made]);
                    added(made.name);
                  }}
                />
              )}
            </Card>
          )}
          <Card title={t('locations')} count={site.locations.length}>
            <p className={classes.hint}>{t('locations_hint')}</p>
            <ul className={classes.list}>
              {site.locations.map((location) => (
                <li key={location.id} className={classes.item}>
                  <strong>{location.name}</strong>
                  {location.isDefault && (
                    <span className={rows.tag} data-tone="info">
                      {t('default_location')}
                    </span>
                  )}
                </li>
              ))}
            </ul>
            {may('sites.write') && (
              <AddNamed<SiteSetup['locations'][number]>
                path={`/sites/${site.id}/locations`}
                label={t('new_location')}
                placeholder={t('new_location_hint')}
                maxLength={80}
                taken="location_name_taken"
                onAdded={(made) => {
                  setSite((before) => ({ ...before, locations: [...before.locations, made] }));
                  added(made.name);
                }}
              />
            )}
          </Card>
        </div>
        <div className={page.side}>
          <Card title={t('sizes')} count={site.sizes.length}>
            <ul className={classes.chips}>
              {site.sizes.map((size) => (
                <li key={size.id} className={classes.chip}>
                  {size.name}
                </li>
              ))}
            </ul>
            {may('products.write') && (
              <AddNamed<SiteSetup['sizes'][number]>
                path="/sizes"
                label={t('new_size')}
                maxLength={40}
                taken="size_taken"
                onAdded={(made) => {
                  setSite((before) => ({ ...before, sizes: [...before.sizes, made] }));
                  added(made.name);
                }}
              />
            )}
          </Card>
          <Card title={t('colours')} count={site.colours.length}>
            <ul className={classes.chips}>
              {site.colours.map((colour) => (
                <li key={colour.id} className={classes.chip}>
                  {colour.hex !== null && (
                    <span className={classes.shade} style={{ background: colour.hex }} aria-hidden />
                  )}
                  {colour.name}
                </li>
              ))}
            </ul>
            {may('products.write') && (
              <AddNamed<SiteSetup['colours'][number]>
                path="/colors"
                label={t('new_colour')}
                maxLength={40}
                taken="colour_taken"
                shade
                onAdded={(made) => {
                  setSite((before) => ({ ...before, colours: [...before.colours, made] }));
                  added(made.name);
                }}
              />
            )}
            {may('products.write') && <p className={classes.below}>{t('everywhere')}</p>}
          </Card>
        </div>
      </div>
      <SidePanel opened={open} onClose={() => set({ edit: null })} title={t('edit_title', { name: site.name })}>
        <SiteForm
          site={site}
          timeZone={site.timeZone}
          onSaved={(after) => {
            setSite(after);
            setSaid(t('saved'));
            set({ edit: null });
          }}
          onSeen={setSite}
          onClose={() => set({ edit: null })}
        />
      </SidePanel>
    </div>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
