import { IconMail } from '@tabler/icons-react';
import { useState } from 'react';
import { useCommand } from '../components/desk/useCommand';
import { problemText } from '../i18n/problem';
import { Button } from './Button';
import classes from './MailReceipt.module.css';
import { TextEntry } from './TextEntry';
import type { Wording } from './words';

/** Sends the receipt to an address, at the sale or later. */
export function MailReceipt({ saleId, first, wording }: { saleId: string; first: string; wording: Wording }) {
  const { t, locale } = wording;
  const [open, setOpen] = useState(false);
  const [email, setEmail] = useState(first);
  const [sent, setSent] = useState<string | null>(null);
  const { run, busy, problem } = useCommand();
  if (sent !== null)
    return (
      <p className={classes.sent} role="status">
        <IconMail size={24} aria-hidden /> {t('done.mail_sent', { email: sent })}
      </p>
    );
  if (!open)
    return (
      <Button icon={<IconMail size={24} aria-hidden />} onClick={() => setOpen(true)}>
        {t('done.mail')}
      </Button>
    );
  const send = async (): Promise<void> => {
    const to = email.trim();
    if (to === '') return;
    const outcome = await run({ method: 'POST', path: `/sales/${saleId}/receipt`, body: { email: to } });
    if (outcome.kind === 'ok') setSent(to);
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      noValidate
    >
      <TextEntry
        label={t('done.mail_label')}
        value={email}
        onChange={setEmail}
        error={
          problem ? (problem.code === 'malformed' ? t('pay.email_wrong') : problemText(problem.code, locale)) : null
        }
        field={{ type: 'email', inputMode: 'email', autoCapitalize: 'off', maxLength: 254, autoFocus: true }}
      />
      <Button type="submit" look="main" disabled={busy !== null || email.trim() === ''}>
        {t('done.mail_send')}
      </Button>
    </form>
  );
}
