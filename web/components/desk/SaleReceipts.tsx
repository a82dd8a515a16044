import { Button, Group, TextInput } from '@mantine/core';
import { IconCircleCheck, IconClock, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReceiptMail } from '../../../api/receipts/schemas';
import type { SaleDetail } from '../../../api/sales/schemas';
import { useFormat } from '../../i18n/format';
import table from './DataTable.module.css';
import { Card } from './Detail';
import { ProblemNote } from './ProblemNote';
import rows from './Rows.module.css';
import classes from './Sale.module.css';
import stores from './Stores.module.css';
import { useCommand } from './useCommand';

const looks = {
  waiting: { icon: IconClock, tone: 'info' },
  sent: { icon: IconCircleCheck, tone: 'good' },
  refused: { icon: IconX, tone: 'bad' },
} as const;
const address = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** To whom the receipt went by mail, and one more. */
export function SaleReceipts({ sale, maySend, onSent }: { sale: SaleDetail; maySend: boolean; onSent(): void }) {
  const { t } = useTranslation('sales');
  const [email, setEmail] = useState(sale.receipts.length === 0 ? (sale.customer?.email ?? '') : '');
  const [bad, setBad] = useState(false);
  const { run, busy, problem, clear } = useCommand();
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wrong = !address.test(email.trim());
    setBad(wrong);
    if (wrong) return;
    const outcome = await run({ method: 'POST', path: `/sales/${sale.id}/receipt`, body: { email: email.trim() } });
    if (outcome.kind !== 'ok') return;
    setEmail('');
    onSent();
  };
  return (
    <Card title={t('detail.mails')} className="nv-no-print">
      {sale.receipts.length === 0 ? (
        <p className={stores.hint}>{t('detail.no_mails')}</p>
      ) : (
        <ul className={classes.links}>
          {sale.receipts.map((mail) => (
            <Mail key={mail.id} mail={mail} />
          ))}
        </ul>
      )}
      {maySend && (
        <form onSubmit={(event) => void send(event)} noValidate>
          <Group gap="xs" mt="md" align="flex-end">
            <TextInput
              flex="1 1 180px"
              type="email"
              label={t('detail.mail_to')}
              value={email}
              maxLength={254}
              autoComplete="off"
              error={bad ? t('detail.mail_bad') : null}
              onChange={({ currentTarget }) => {
                setEmail(currentTarget.value);
                setBad(false);
                clear();
              }}
            />
            <Button type="submit" variant="default" loading={busy !== null} disabled={email.trim() === ''}>
              {t('detail.mail_send')}
            </Button>
          </Group>
          {problem !== null && <ProblemNote problem={problem} />}
        </form>
      )}
    </Card>
  );
}

function Mail({ mail }: { mail: ReceiptMail }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { icon: Icon, tone } = looks[mail.state];
  const why =
    mail.reason === 'no_mail_connection'
      ? t('detail.mail_no_server')
      : mail.reason === 'given_up'
        ? t('detail.mail_given_up')
        : mail.reason;
  return (
    <li>
      <span>
        {mail.to}
        <span className={`${table.block} ${table.quiet}`}>{why ?? format.dateTime(mail.sentAt ?? mail.at)}</span>
      </span>
      <span className={rows.tag} data-tone={tone}>
        <Icon size={14} stroke={2} aria-hidden /> {t(`detail.mail_state.${mail.state}`)}
      </span>
    </li>
  );
}
