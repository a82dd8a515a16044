import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useEffect } from 'react';
import { requireActor } from '../load-context.server';
import { createI18n, localeOf } from '../i18n/i18n';
import { tellServiceWorker } from '../offline/register';
import { PickingScreen } from '../picking/PickingScreen';

export function loader({ context, request }: LoaderFunctionArgs) {
  const { userId, tenantId, name, locale } = requireActor(context, request, 'pallets.move');
  const t = createI18n(localeOf(request, locale)).getFixedT(null, 'picking');
  return { user: { id: userId, tenantId, name }, title: t('page_title') };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

/** The screen keeps itself up to date; without the network a reload of its data would only fail. */
export const shouldRevalidate = () => false;

export default function PickingRoute() {
  const { user } = useLoaderData<typeof loader>();
  useEffect(() => {
    // From now on this screen opens without the network, as this person.
    void tellServiceWorker('keep-shell');
  }, [user.id]);
  return <PickingScreen user={user} />;
}
