import { type ActionFunctionArgs, redirect } from '@remix-run/node';

/** A look at this address logs nobody out. */
export const loader = () => redirect('/');

export async function action({ context }: ActionFunctionArgs) {
  await context.signOut();
  return redirect('/login');
}
