import { IconReceiptRefund, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { SaleSummary } from './api';
import { Button } from './Button';
import list from './List.module.css';
import type { Paper } from './paper';
import { ProblemNote } from './ProblemNote';
import { SaleCard } from './SaleCard';
import classes from './SalesSheet.module.css';
import search from './SearchSheet.module.css';
import { Sheet } from './Sheet';
import type { Pos, PosState, Till } from './store';
import { useSales } from './useSales';
import type { Wording } from './words';

export interface SalesRights {
  void: boolean;
  return: boolean;
  returnWithout: boolean;
}

interface Parts {
  state: PosState;
  pos: Pos;
  wording: Wording;
  currency: string;
  rights: SalesRights;
  onPrint: (paper: Paper) => void;
}

/** What went over this counter, latest first: to look at, print, void or take back. */
export function SalesSheet(props: Parts) {
  const { state, pos, wording } = props;
  return (
    <Sheet opened={state.over === 'sales'} onClose={() => pos.show(null)} title={wording.t('sales.title')} size={620}>
      {state.till && <Sales {...props} till={state.till} />}
    </Sheet>
  );
}

function Sales(props: Parts & { till: Till }) {
  const { till, pos, wording, rights } = props;
  const { t } = wording;
  const [text, setText] = useState('');
  const [whole, setWhole] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const { sales, more, again } = useSales(till.siteId, whole ? null : till.register.id, text.trim());
  if (open !== null)
    return (
      <SaleCard
        key={open}
        saleId={open}
        {...props}
        onOpen={setOpen}
        onBack={() => {
          setOpen(null);
          again();
        }}
      />
    );
  return (
    <>
      <div className={search.search}>
        <IconSearch size={26} aria-hidden className={search.glass} />
        <input
          className={search.input}
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          aria-label={t('sales.search')}
          placeholder={t('sales.search')}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          data-testid="sales-search"
        />
      </div>
      <div className={classes.choices}>
        <button type="button" className={search.chip} aria-pressed={!whole} onClick={() => setWhole(false)}>
          {till.register.name}
        </button>
        <button type="button" className={search.chip} aria-pressed={whole} onClick={() => setWhole(true)}>
          {t('sales.site')}
        </button>
        {rights.returnWithout && (
          <Button
            icon={<IconReceiptRefund size={24} aria-hidden />}
            className={classes.without}
            onClick={() => pos.setMode('return')}
          >
            {t('sales.without')}
          </Button>
        )}
      </div>
      {sales.kind === 'loading' && <div className={list.skeleton} aria-busy />}
      {sales.kind === 'failed' && <ProblemNote problem={sales.problem} />}
      {sales.kind === 'ok' && sales.items.length === 0 && (
        <div className={list.empty}>
          <p className={list.emptyTitle}>
            {text.trim() === '' ? t('sales.empty') : t('sales.none', { text: text.trim() })}
          </p>
          {text.trim() === '' && <p>{t('sales.empty_text')}</p>}
        </div>
      )}
      {sales.kind === 'ok' && sales.items.length > 0 && (
        <ul className={list.rows}>
          {sales.items.map((sale) => (
            <Row key={sale.id} sale={sale} wording={wording} onOpen={() => setOpen(sale.id)} />
          ))}
        </ul>
      )}
      {sales.kind === 'ok' && sales.nextCursor !== null && <Button onClick={more}>{t('sales.more')}</Button>}
    </>
  );
}

function Row({ sale, wording, onOpen }: { sale: SaleSummary; wording: Wording; onOpen: () => void }) {
  const { t, format } = wording;
  const back = sale.kind !== 'sale';
  return (
    <li>
      <button type="button" className={list.row} onClick={onOpen} data-testid="sale" data-number={sale.number}>
        <span className={list.rowWords}>
          <strong>{`${t(`sales.kind.${sale.kind}`)} ${t('done.number', { number: sale.number })}`}</strong>
          <small>
            {`${format.dateTime(sale.at)} · ${t('tickets.lines', { count: sale.lineCount })}`}
            {sale.customer?.name != null && ` · ${sale.customer.name}`}
          </small>
        </span>
        <span className={list.rowEnd}>
          <span className="nv-figures" data-back={back}>
            {back ? `−${format.money(sale.total)}` : format.money(sale.total)}
          </span>
          {sale.voided ? (
            <span className={classes.mark}>{t('sales.voided')}</span>
          ) : (
            sale.returned.amount > 0 && (
              <span className={classes.mark}>{t('sales.returned', { amount: format.money(sale.returned) })}</span>
            )
          )}
        </span>
      </button>
    </li>
  );
}
