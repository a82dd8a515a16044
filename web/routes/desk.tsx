import type { LoaderFunctionArgs } from '@remix-run/node';
import { Outlet } from '@remix-run/react';
import { DeskShell } from '../components/DeskShell';
import { requireActor } from '../load-context.server';

export function loader({ context, request }: LoaderFunctionArgs) {
  requireActor(context, request);
  return null;
}

export default function Desk() {
  return (
    <DeskShell>
      <Outlet />
    </DeskShell>
  );
}
