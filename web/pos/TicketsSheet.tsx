import { useCallback, useState } from 'react';
import { IconTicket } from '@tabler/icons-react';
import { useCommand } from '../components/desk/useCommand';
import { readTickets, type ResumedTicket, type TicketView } from './api';
import { Button } from './Button';
import { isEmpty } from './cart';
import list from './List.module.css';
import { ProblemNote } from './ProblemNote';
import { Sheet } from './Sheet';
import type { Pos, PosState } from './store';
import { useAsked } from './useAsked';
import type { Wording } from './words';

/** Sales that wait for their customer. */
export function TicketsSheet({ state, pos, wording }: { state: PosState; pos: Pos; wording: Wording }) {
  return (
    <Sheet opened={state.over === 'tickets'} onClose={() => pos.show(null)} title={wording.t('tickets.title')}>
      {state.till && <Tickets siteId={state.till.siteId} state={state} pos={pos} wording={wording} />}
    </Sheet>
  );
}

function Tickets(props: { siteId: string; state: PosState; pos: Pos; wording: Wording }) {
  const { siteId, state, pos, wording } = props;
  const { t } = wording;
  const { asked, again } = useAsked(useCallback(() => readTickets(siteId), [siteId]));
  const { run, busy, problem } = useCommand();
  const open = !isEmpty(state.cart);
  if (asked.kind === 'loading') return <div className={list.skeleton} aria-busy />;
  if (asked.kind === 'failed') return <ProblemNote problem={asked.problem} />;
  const tickets = asked.value.items.filter(({ id }) => id !== state.cart.ticket?.id);
  const resume = async (ticket: TicketView): Promise<void> => {
    const outcome = await run<ResumedTicket>({ method: 'POST', path: `/tickets/${ticket.id}/resume` });
    if (outcome.kind === 'ok') pos.resumed(outcome.value, ticket.name);
    else await again();
  };
  const drop = async (ticket: TicketView): Promise<void> => {
    await run({ method: 'POST', path: `/tickets/${ticket.id}/drop` });
    await again();
  };
  if (tickets.length === 0)
    return (
      <div className={list.empty}>
        <IconTicket size={64} stroke={1.3} aria-hidden />
        <p className={list.emptyTitle}>{t('tickets.empty')}</p>
        <p>{t('tickets.empty_text')}</p>
      </div>
    );
  return (
    <>
      {open && <p className={list.note}>{t('tickets.cart_open')}</p>}
      <ProblemNote problem={problem} />
      <ul className={list.list}>
        {tickets.map((ticket) => (
          <Ticket
            key={ticket.id}
            ticket={ticket}
            wording={wording}
            busy={busy !== null}
            open={open}
            onResume={() => void resume(ticket)}
            onDrop={() => void drop(ticket)}
          />
        ))}
      </ul>
    </>
  );
}

function Ticket(props: {
  ticket: TicketView;
  wording: Wording;
  busy: boolean;
  open: boolean;
  onResume: () => void;
  onDrop: () => void;
}) {
  const { ticket, busy, open } = props;
  const { t, format } = props.wording;
  const [asking, setAsking] = useState(false);
  return (
    <li className={list.card} data-testid="ticket">
      <p className={list.cardTitle}>{ticket.name}</p>
      <p className={list.cardText}>
        {`${t('tickets.lines', { count: ticket.lineCount })} · ${t('tickets.by', {
          name: ticket.createdBy.name,
          time: format.clock(ticket.createdAt),
        })}`}
        {ticket.state === 'resumed' && ` · ${t('tickets.resumed')}`}
        <br />
        {t('tickets.until', { time: format.clock(ticket.expiresAt) })}
      </p>
      {asking ? (
        <>
          <p className={list.ask}>{t('tickets.drop_ask', { name: ticket.name })}</p>
          <div className={list.buttons}>
            <Button look="danger" disabled={busy} onClick={props.onDrop}>
              {t('tickets.drop_yes')}
            </Button>
            <Button onClick={() => setAsking(false)}>{t('tickets.keep')}</Button>
          </div>
        </>
      ) : (
        <div className={list.buttons}>
          <Button look="main" disabled={busy || open} onClick={props.onResume}>
            {t('tickets.resume')}
          </Button>
          <Button disabled={busy} onClick={() => setAsking(true)}>
            {t('tickets.drop')}
          </Button>
        </div>
      )}
    </li>
  );
}
