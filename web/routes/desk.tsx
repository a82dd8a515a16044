import type { LoaderFunctionArgs } from '@remix-run/node';
import { Outlet } from '@remix-run/react';
import { LoadFailed } from '../components/desk/LoadFailed';
import { DeskShell } from '../components/DeskShell';
import { requireActor } from '../load-context.server';

export function loader({ context, request }: LoaderFunctionArgs) {
  requireActor(context, request);
  return null;
}

/** Each screen asks for the session itself; a screen that does not come is no reason to lose the shell. */
export const shouldRevalidate = () => false;

export default function Desk() {
  return (
    <DeskShell>
      <Outlet />
    </DeskShell>
  );
}

export function ErrorBoundary() {
  return (
    <DeskShell>
      <LoadFailed />
    </DeskShell>
  );
}
