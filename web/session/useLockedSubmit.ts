import { useNavigation, useSubmit } from '@remix-run/react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { withSessionLock } from './lock';

/**
 * Submits a form that changes the session, while nothing is being sent in anybody's name from any tab. Without script the
 * form is submitted as forms are.
 */
export function useLockedSubmit(): { onSubmit: (event: FormEvent<HTMLFormElement>) => void; busy: boolean } {
  const submit = useSubmit();
  const { state } = useNavigation();
  const release = useRef<(() => void) | null>(null);
  const [held, setHeld] = useState(false);
  // The form leaves the page when its navigation succeeds.
  useEffect(() => () => release.current?.(), []);
  useEffect(() => {
    if (state !== 'idle' || !release.current) return;
    release.current();
    release.current = null;
    setHeld(false);
  }, [state]);
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (held) return;
    setHeld(true);
    const form = event.currentTarget;
    // Read now: while the lock is awaited the button is switched off, and a button that is off says nothing in its form.
    const fields = new FormData(form);
    const { submitter } = event.nativeEvent as SubmitEvent;
    if (submitter instanceof HTMLButtonElement && submitter.name !== '') fields.append(submitter.name, submitter.value);
    const action = form.getAttribute('action');
    void withSessionLock(
      () =>
        new Promise<void>((resolve) => {
          submit(fields, { method: 'post', ...(action !== null && { action }) });
          // Freed when the navigation has come to rest (or with the page).
          release.current = resolve;
        }),
    );
  };
  return { onSubmit, busy: held || state !== 'idle' };
}
