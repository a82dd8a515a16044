import { type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { firstScreen, requireActor } from '../load-context.server';

/** The front door: each role to its own first screen. */
export function loader({ context, request }: LoaderFunctionArgs) {
  return redirect(firstScreen(requireActor(context, request).role));
}
