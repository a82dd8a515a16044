import { redirect } from '@remix-run/node';

export const loader = () => redirect('/login');
export const action = () => redirect('/login');
