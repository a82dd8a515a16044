import { useSubmit } from '@remix-run/react';
import type { FormEvent } from 'react';
import { tellServiceWorker } from '../offline/register';
import { withSessionLock } from './lock';

/** Logs out while nothing is being sent in this person's name. The offline queue stays on the device. */
export function useLogout(): (event: FormEvent<HTMLFormElement>) => void {
  const submit = useSubmit();
  return (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    void withSessionLock(async () => {
      await tellServiceWorker('drop-shell');
      submit(form);
    });
  };
}
