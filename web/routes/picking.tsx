import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useEffect } from 'react';
import { requireActor } from '../load-context.server';
import { createI18n, localeOf } from '../i18n/i18n';
import { tellServiceWorker } from '../offline/register';
import { PickingScreen } from '../picking/PickingScreen';
import type { Workplace } from '../picking/useWorkplace';

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'pallets.move');
  const { userId, tenantId, name, locale } = actor;
  const { items } = await context.useCases.listSites(actor);
  const warehouses = items.filter(({ kind }) => kind === 'warehouse').map(({ id, name }): Workplace => ({ id, name }));
  const t = createI18n(localeOf(request, locale)).getFixedT(null, 'picking');
  // One warehouse or none leaves nothing to choose.
  const workplaces = warehouses.length > 1 ? warehouses : [];
  return { user: { id: userId, tenantId, name }, workplaces, title: t('page_title') };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

/** The screen keeps itself up to date; without the network a reload of its data would only fail. */
export const shouldRevalidate = () => false;

export default function PickingRoute() {
  const { user, workplaces } = useLoaderData<typeof loader>();
  useEffect(() => {
    // From now on this screen opens without the network, as this person.
    void tellServiceWorker('keep-shell');
  }, [user.id]);
  return <PickingScreen user={user} workplaces={workplaces} />;
}
