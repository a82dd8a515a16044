import { Anchor } from '@mantine/core';
import { Link, useRouteLoaderData } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { MovementItem } from '../../../api/stock/schemas';
import { can } from '../../../domain/access';
import { useFormat } from '../../i18n/format';
import type { RootData } from '../../root';
import table from './DataTable.module.css';
import rows from './Rows.module.css';

const places = { entry: 'entries', count: 'counts', sale: 'sales', void: 'sales', return: 'sales' } as const;

/** The ledger of an article: what changed, what was left, and by which document. */
export function Movements({
  movements,
  unit,
  many,
}: {
  movements: readonly MovementItem[];
  unit: string;
  many: boolean;
}) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('history.when')}</th>
          <th scope="col">{t('history.what')}</th>
          {many && <th scope="col">{t('site')}</th>}
          <th scope="col" className={rows.figure}>
            {t('history.change')}
          </th>
          <th scope="col" className={rows.figure}>
            {t('history.balance')}
          </th>
          <th scope="col">{t('history.document')}</th>
          <th scope="col">{t('history.who')}</th>
        </tr>
      </thead>
      <tbody>
        {movements.map((movement) => (
          <tr key={movement.id}>
            <td className={table.tight}>
              <time dateTime={movement.at}>{format.dateTime(movement.at)}</time>
            </td>
            <td>
              <What movement={movement} />
            </td>
            {many && <td data-label={t('site')}>{movement.site}</td>}
            <td
              className={rows.figure}
              data-label={t('history.change')}
              data-tone={Number(movement.quantity) < 0 ? 'bad' : 'good'}
            >
              {format.quantity(movement.quantity, unit, true)}
            </td>
            <td className={rows.figure} data-label={t('history.balance')}>
              <strong>{format.quantity(movement.balance, unit)}</strong>
            </td>
            <td data-label={t('history.document')}>
              <DocumentLink document={movement.document} />
            </td>
            <td className={table.quiet} data-label={t('history.who')}>
              {movement.user?.name ?? t('history.system')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function What({ movement }: { movement: MovementItem }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const notes = [
    movement.reason,
    movement.unitCost === null ? null : t('history.cost', { money: format.money(movement.unitCost) }),
    movement.unitPrice === null ? null : t('history.price', { money: format.money(movement.unitPrice) }),
    movement.clientAt === null || Math.abs(Date.parse(movement.clientAt) - Date.parse(movement.at)) < 60_000
      ? null
      : t('history.offline', { time: format.dateTime(movement.clientAt) }),
  ].filter((note) => note !== null);
  return (
    <div>
      <span className={table.strong}>{t(`kind.${movement.kind}`)}</span>
      {notes.length > 0 && <span className={`${table.block} ${table.quiet}`}>{notes.join(' · ')}</span>}
    </div>
  );
}

function DocumentLink({ document }: { document: MovementItem['document'] }) {
  const { t } = useTranslation('stock');
  const user = useRouteLoaderData<RootData>('root')?.user;
  if (document === null) return <span className={table.quiet}>–</span>;
  const { type, id, number } = document;
  const words = t(`document.${type}`, { number });
  const mayOpen = user != null && can(user, places[type] === 'sales' ? 'sales.read' : 'stock.read');
  return mayOpen ? (
    <Anchor component={Link} to={`/${places[type]}/${id}`}>
      {words}
    </Anchor>
  ) : (
    <span>{words}</span>
  );
}
