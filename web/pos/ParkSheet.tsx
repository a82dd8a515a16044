import { useState } from 'react';
import { useCommand } from '../components/desk/useCommand';
import { parseQuantity } from '../../domain/quantity';
import type { ParkedTicket } from './api';
import { Button } from './Button';
import { parkedLines } from './cart';
import classes from './LineSheet.module.css';
import notice from './Notice.module.css';
import { ProblemNote } from './ProblemNote';
import { Sheet } from './Sheet';
import type { Pos, PosState, Till } from './store';
import { TextEntry } from './TextEntry';
import type { Wording } from './words';

/** Puts the sale aside for a customer who comes back, with what is in it held. */
export function ParkSheet({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  return (
    <Sheet opened={state.over === 'park'} onClose={() => pos.show(null)} title={wording.t('park.title')} size={460}>
      {state.till && <Park till={state.till} state={state} pos={pos} wording={wording} />}
    </Sheet>
  );
}

function Park({ till, state, pos, wording }: { till: Till; state: PosState; pos: Pos; wording: Wording }) {
  const { t, quantity } = wording;
  const { cart } = state;
  const [name, setName] = useState(cart.ticket?.name ?? '');
  const [short, setShort] = useState<NonNullable<ParkedTicket['short']>>([]);
  const { run, busy, problem } = useCommand();
  const label = name.trim() === '' ? t('cart.ticket_unnamed') : name.trim();
  const park = async (): Promise<void> => {
    const outcome = await run<ParkedTicket>({
      method: 'POST',
      path: '/tickets',
      body: {
        siteId: till.siteId,
        registerId: till.register.id,
        ...(name.trim() !== '' && { name: name.trim() }),
        lines: parkedLines(cart),
        ...(cart.ticket && { replaces: cart.ticket.id }),
      },
    });
    if (outcome.kind !== 'ok') return;
    setShort(outcome.value.short ?? []);
    pos.parked(label, outcome.value.short !== undefined);
  };
  if (short.length > 0)
    return (
      <div className={classes.form}>
        <div className={notice.notice} data-kind="warn" role="alert">
          <span>
            {t('park.short')}
            {short.map((line) => (
              <small key={line.sku}>
                {t('park.short_line', {
                  sku: line.sku,
                  wanted: quantity(parseQuantity(line.wanted) ?? 0, 'unit'),
                  available: quantity(parseQuantity(line.available) ?? 0, 'unit'),
                })}
              </small>
            ))}
          </span>
        </div>
        <Button look="main" onClick={() => pos.show(null)}>
          {t('mend.understood')}
        </Button>
      </div>
    );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void park();
      }}
    >
      <p className={classes.what}>
        <span>{t('park.text')}</span>
      </p>
      <TextEntry
        label={t('park.name')}
        value={name}
        onChange={setName}
        field={{ maxLength: 80, ...{ 'data-autofocus': true } }}
      />
      <ProblemNote problem={problem} />
      <Button type="submit" look="main" disabled={busy !== null || cart.lines.length === 0}>
        {t('park.save')}
      </Button>
    </form>
  );
}
