import { VisuallyHidden } from '@mantine/core';
import { IconCashRegister, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { connectionMonitor, useConnection } from '../offline/useConnection';
import { useScanner } from '../scan/useScanner';
import type { RegisterView } from './api';
import { Button } from './Button';
import { isEmpty } from './cart';
import { CartList } from './CartList';
import { Actions, ChargeBar } from './ChargePanel';
import { DoneCard } from './DoneCard';
import { keys } from './key-names';
import { KeysSheet } from './KeysSheet';
import { Notices } from './Notices';
import { OpenRegister } from './OpenRegister';
import { paperOfDone } from './paper';
import { ParkSheet } from './ParkSheet';
import { PaySheet } from './PaySheet';
import classes from './PosScreen.module.css';
import { PriceSheet } from './PriceSheet';
import { PrintedPaper } from './PrintedPaper';
import { QuantitySheet } from './QuantitySheet';
import { type RegisterParts, RegisterSheet } from './RegisterSheet';
import { SalesSheet, type SalesRights } from './SalesSheet';
import { Flash, ScanStrip } from '../scan/ScanStrip';
import { SearchSheet } from './SearchSheet';
import { StatusBar } from './StatusBar';
import { browserParts, Pos, type PosState } from './store';
import { TicketsSheet } from './TicketsSheet';
import { type SiteChoice, TillChoice } from './TillChoice';
import choice from './TillChoice.module.css';
import { Unanswered } from './Unanswered';
import { useKeys } from './useKeys';
import { useOnlyTab } from './useOnlyTab';
import { usePaper } from './usePaper';
import { useTill } from './useTill';
import { saidText, type Wording, useWording } from './words';

export interface PosRights extends SalesRights {
  price: boolean;
  operate: boolean;
}

export interface PosProps {
  user: { id: string; tenantId: string; name: string };
  business: string;
  currency: string;
  sites: readonly SiteChoice[];
  registers: readonly RegisterView[];
  rights: PosRights;
}

/** UI-04: the till on a full screen. Before the device is read only the frame is there. */
export function PosScreen(props: PosProps) {
  const [pos, setPos] = useState<Pos | null>(null);
  const { user, rights } = props;
  const { mine, take } = useOnlyTab(`nervio-pos:${user.tenantId}:${user.id}`);
  useEffect(() => {
    if (mine !== true) return;
    const offline = () => connectionMonitor().snapshot().online === false;
    const own = new Pos({ tenantId: user.tenantId, userId: user.id }, browserParts(offline), rights.price);
    setPos(own);
    return () => {
      own.stop();
      setPos(null);
    };
  }, [mine, user.tenantId, user.id, rights.price]);
  if (pos) return <Working {...props} pos={pos} />;
  return mine === false ? <Taken onTake={take} /> : <Frame />;
}

function Taken({ onTake }: { onTake: () => void }) {
  const { t } = useTranslation('pos');
  return (
    <main className={classes.taken}>
      <IconCashRegister size={72} stroke={1.3} aria-hidden />
      <h1>{t('taken.title')}</h1>
      <p>{t('taken.text')}</p>
      <Button look="main" onClick={onTake}>
        {t('taken.use')}
      </Button>
    </main>
  );
}

function Frame() {
  const { t } = useTranslation('pos');
  return (
    <div className={classes.screen} data-step="loading">
      <div className={classes.bar} />
      <main className={classes.main} aria-busy>
        <VisuallyHidden component="h1">{t('title')}</VisuallyHidden>
        <div className={classes.skeleton} />
      </main>
    </div>
  );
}

function Working({ pos, user, business, currency, sites, registers: first, rights }: PosProps & { pos: Pos }) {
  const wording = useWording(currency);
  const { t } = wording;
  const state = useSyncExternalStore(pos.subscribe, pos.snapshot, pos.snapshot);
  const { till, registers, choose, look } = useTill(user.tenantId, sites, first);
  const { online } = useConnection();
  useEffect(() => pos.setTill(till), [pos, till]);
  useEffect(() => {
    void pos.start();
  }, [pos]);
  useEffect(() => {
    if (online === true) pos.online();
  }, [pos, online]);
  useScanner((scan) => pos.scan(scan));
  useKeys(pos);

  const { done, sending } = state;
  const receipt = useMemo(() => (done && till ? paperOfDone(done, till, user.name) : null), [done, till, user.name]);
  const { paper, print } = usePaper(receipt, state.prints);
  useEffect(() => {
    // The server knows better who has it open.
    if (state.trouble?.code === 'register_closed') void look();
  }, [state.trouble, look]);

  const step = !till
    ? 'choose'
    : sending === 'unanswered' || sending === 'asking'
      ? 'unanswered'
      : receipt
        ? 'done'
        : 'cart';
  return (
    <>
      <div className={`nv-no-print ${classes.screen}`} data-step={step} data-ready={state.ready}>
        <Flash said={state.said} />
        <StatusBar state={state} pos={pos} wording={wording} />
        <main className={classes.main}>
          <VisuallyHidden component="h1">{t('title')}</VisuallyHidden>
          {step === 'choose' && (
            <section className={choice.ask}>
              <h2 className={choice.title}>{t('till.choose')}</h2>
              <p className={choice.text}>{t('till.choose_text')}</p>
              <TillChoice
                sites={sites}
                registers={registers}
                current={null}
                userId={user.id}
                wording={wording}
                onChoose={choose}
              />
            </section>
          )}
          {step === 'unanswered' && <Unanswered state={state} pos={pos} wording={wording} />}
          {step === 'done' && done && receipt && (
            <DoneCard
              key={done.accepted.saleId}
              done={done}
              paper={receipt}
              state={state}
              pos={pos}
              wording={wording}
            />
          )}
          {step === 'cart' && till && (
            <Selling
              pos={pos}
              wording={wording}
              opening={
                till.register.session === null && rights.operate && isEmpty(state.cart) ? (
                  <OpenRegister till={till} currency={currency} wording={wording} onOpened={() => void look()} />
                ) : null
              }
            />
          )}
        </main>
        <Over
          state={state}
          pos={pos}
          wording={wording}
          currency={currency}
          userId={user.id}
          rights={rights}
          sites={sites}
          registers={registers}
          onChoose={choose}
          onChanged={look}
          onPrint={print}
        />
      </div>
      <PrintedPaper paper={paper} business={business} wording={wording} />
    </>
  );
}

/** What lies over the cart, and only that: what is not open costs a scan nothing. */
function Over(props: Omit<RegisterParts, 'mayOperate'> & { state: PosState; rights: PosRights }) {
  const { state, rights } = props;
  switch (state.over) {
    case 'search':
      return <SearchSheet {...props} />;
    case 'quantity':
      return <QuantitySheet {...props} />;
    case 'price':
      return <PriceSheet {...props} />;
    case 'pay':
      return <PaySheet {...props} />;
    case 'park':
      return <ParkSheet {...props} />;
    case 'tickets':
      return <TicketsSheet {...props} />;
    case 'sales':
      return <SalesSheet {...props} />;
    case 'register':
      return <RegisterSheet {...props} mayOperate={rights.operate} />;
    case 'keys':
      return <KeysSheet {...props} />;
    case 'menu':
    case null:
      return null;
  }
}

/** The cart and what is done with it; or, before the day begins, the opening of the register. */
function Selling({ pos, wording, opening }: { pos: Pos; wording: Wording; opening: React.ReactNode }) {
  const { t } = wording;
  const state = useSyncExternalStore(pos.subscribe, pos.snapshot, pos.snapshot);
  return (
    <>
      <div className={classes.goods}>
        <Notices state={state} pos={pos} wording={wording} />
        <div className={classes.entry}>
          <ScanStrip said={state.said} words={saidText(state.said, wording)} />
          <Button
            className={classes.search}
            icon={<IconSearch size={26} aria-hidden />}
            onClick={() => pos.show('search')}
            aria-keyshortcuts={keys.search}
            hint={keys.search}
          >
            {t('search.button')}
          </Button>
        </div>
        {opening !== null ? (
          <div className={classes.opening}>{opening}</div>
        ) : (
          <CartList state={state} pos={pos} wording={wording} />
        )}
      </div>
      <aside className={classes.side}>
        <Actions state={state} pos={pos} wording={wording} />
        <ChargeBar state={state} pos={pos} wording={wording} />
      </aside>
    </>
  );
}
