import type { FormEvent } from 'react';
import { tellServiceWorker } from '../offline/register';
import { withSessionLock } from './lock';

/**
 * Logs out while nothing is being sent in this person's name. The offline queue stays on the device. Without the network
 * nobody can be logged out (the cookie is the server's): the menu says so.
 */
export async function logout(event: FormEvent<HTMLFormElement>): Promise<void> {
  event.preventDefault();
  await withSessionLock(async () => {
    const response = await fetch('/api/v1/auth/logout', { method: 'POST', credentials: 'same-origin' });
    // 401: the session had ended already.
    if (!response.ok && response.status !== 401) throw new Error(`log-out: ${response.status}`);
    await tellServiceWorker('drop-shell');
  });
  window.location.assign('/login');
}
