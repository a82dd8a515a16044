import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { can } from '../../domain/access';
import { createI18n, localeOf } from '../i18n/i18n';
import { requireActor } from '../load-context.server';
import { PosScreen } from '../pos/PosScreen';

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'sales.make');
  const { useCases } = context;
  const [me, sites, registers] = await Promise.all([
    useCases.me(actor),
    useCases.listSites(actor),
    useCases.listRegisters(actor, {}),
  ]);
  const t = createI18n(localeOf(request, actor.locale)).getFixedT(null, 'pos');
  return {
    user: { id: actor.userId, tenantId: actor.tenantId, name: actor.name },
    business: me.tenant.name,
    currency: me.tenant.currency,
    sites: sites.items.map(({ id, name }) => ({ id, name })),
    registers: registers.items,
    rights: {
      price: can(actor, 'sales.price'),
      operate: can(actor, 'registers.operate'),
      void: can(actor, 'sales.void'),
      return: can(actor, 'sales.return'),
      returnWithout: can(actor, 'sales.return_without_receipt'),
    },
    title: t('page_title'),
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

/** The screen keeps itself up to date; without the network a reload of its data would only fail. */
export const shouldRevalidate = () => false;

export default function PosRoute() {
  const { title: _, ...props } = useLoaderData<typeof loader>();
  return <PosScreen {...props} />;
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
