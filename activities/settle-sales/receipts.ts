import type { MailError } from '../../connectors/mail/errors';
import type { Mailer } from '../../connectors/mail/mailer';
import { NervioError } from '../../domain/errors';
import { maskAddress } from '../../domain/receipt-letter';
import {
  findMailConnection,
  setConnectionState,
  type ConnectionRow,
  type ConnectionState,
} from '../../store/connections';
import type { Database } from '../../store/db';
import { ownOperations, syncOperations, tellOperations, waitForConnection } from '../../store/operation-batch';
import { addStart } from '../../store/outbox';
import { endTry, openReceipts, readOpenReceipt, type OpenReceipt } from '../../store/receipts';
import { toNervioError } from '../failures';
import { withHeartbeat } from '../heartbeat';
import type { MailClients } from '../mail-clients';
import type { SalesRun } from './projections';
import { sendReceipt, type ReceiptEnd } from './send-receipt';

export interface ReceiptActivities {
  /**
   * Sends the receipts of a run's sales and syncs the sales whose receipts have an end. A sale whose receipt cannot go now
   * waits with a new attempt of its own. `wakeMs`: the least pause before it.
   */
  sendReceipts(input: { run: SalesRun; wakeMs: number }): Promise<void>;
  /** One receipt that was asked for later. Fails with mail_… for as long as it cannot go. */
  sendOneReceipt(input: { tenantId: string; mailId: string }): Promise<void>;
}

/** Mails on their way to one server at once, for one batch. */
const atOnce = 4;
/** The pause before a mail is tried again doubles up to this many times. */
const mostDoublings = 5;

/** Which state of the connection an error speaks of; null = it says nothing of it. */
function stateAfter(error: NervioError): ConnectionState | null {
  if (error.code === 'mail_unreachable') return 'down';
  return error.code === 'mail_credentials' ? 'credentials' : null;
}

const isOpen = ({ state }: ConnectionRow): boolean => state === 'up' || state === 'unknown';

/** Why nothing is sent while the circuit is open. */
const refusalOf = ({ state }: ConnectionRow): NervioError =>
  new NervioError(
    state === 'credentials' ? 'mail_credentials' : 'mail_unreachable',
    {},
    { detail: `The mail server is ${state}` },
  );

export function createReceiptActivities(deps: { db: Database; mail: MailClients }): ReceiptActivities {
  const { db } = deps;

  /** @throws NervioError mail_credentials, mail_unreachable; with the circuit written down */
  async function mailerOf(tenantId: string, connection: ConnectionRow): Promise<Mailer> {
    if (!isOpen(connection)) throw refusalOf(connection);
    try {
      return deps.mail.for(tenantId, connection);
    } catch (error) {
      await noteTrouble(tenantId, connection, toNervioError(error));
      throw error;
    }
  }

  async function noteTrouble(tenantId: string, connection: ConnectionRow, error: NervioError): Promise<boolean> {
    const state = stateAfter(error);
    if (state === null) return false;
    await db.withTenant(tenantId, (tx) =>
      setConnectionState(tx, connection.id, { state, error: error.message, version: connection.version }),
    );
    return true;
  }

  async function tell(run: SalesRun, receipt: OpenReceipt, result: ReceiptEnd, again: boolean): Promise<void> {
    const to = maskAddress(receipt.recipient);
    const line = (code: string, more: object = {}) => ({ id: receipt.operationId, code, data: { to, ...more } });
    const lines = [
      ...(again ? [line('receipt_unsure')] : []),
      ...(result.end === 'sent' ? [line('receipt_sent')] : []),
      ...(result.end === 'refused'
        ? [line(result.reason === 'given_up' ? 'receipt_given_up' : 'receipt_refused', { reason: result.reason })]
        : []),
    ];
    await db.withTenant(run.tenantId, (tx) => tellOperations(tx, lines, run));
  }

  /** Those that are left say why in `troubles`, by operation. */
  async function sendAll(
    run: SalesRun,
    connection: ConnectionRow,
    receipts: OpenReceipt[],
    signal: AbortSignal,
  ): Promise<Map<string, NervioError>> {
    const troubles = new Map<string, NervioError>();
    const queue = [...receipts];
    let stopped: NervioError | null = null;
    let mailer: Mailer;
    try {
      mailer = await mailerOf(run.tenantId, connection);
    } catch (error) {
      const known = toNervioError(error);
      for (const { operationId } of receipts) troubles.set(operationId, known);
      return troubles;
    }
    const worker = async (): Promise<void> => {
      for (let receipt = queue.shift(); receipt; receipt = queue.shift()) {
        signal.throwIfAborted();
        if (stopped !== null) {
          troubles.set(receipt.operationId, stopped);
          continue;
        }
        const { result, again, error } = await sendReceipt(db, mailer, run.tenantId, receipt, signal);
        await tell(run, receipt, result, again);
        if (result.end === 'busy') troubles.set(receipt.operationId, new NervioError('mail_busy'));
        if (result.end !== 'later') continue;
        const known = toNervioError(error);
        troubles.set(receipt.operationId, known);
        // Trouble with the server, not with this mail: the others need not meet it too.
        if (await noteTrouble(run.tenantId, connection, known)) stopped = known;
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, receipts.length) }, worker));
    return troubles;
  }

  async function end(
    run: SalesRun,
    own: string[],
    receipts: OpenReceipt[],
    troubles: Map<string, NervioError>,
    wait: { connectionId: string; wakeMs: number },
  ): Promise<void> {
    const tries = new Map(receipts.map((receipt) => [receipt.operationId, receipt.tries]));
    await db.withTenant(run.tenantId, async (tx) => {
      for (const [id, error] of troubles) {
        const doublings = Math.min(tries.get(id) ?? 0, mostDoublings);
        const [waiting] = await waitForConnection(tx, [id], run, {
          connectionId: wait.connectionId,
          error: { code: error.code, detail: error.message },
        });
        // While the circuit is open the pause makes no difference: it goes when the server is back.
        if (!waiting) continue;
        const delayMs = stateAfter(error) === null ? wait.wakeMs * 2 ** doublings : 0;
        await addStart(tx, { ...waiting, connectionId: wait.connectionId }, delayMs);
      }
      await syncOperations(
        tx,
        own.filter((id) => !troubles.has(id)),
        run,
      );
    });
  }

  return {
    sendReceipts: ({ run, wakeMs }) =>
      withHeartbeat(async (signal) => {
        const { own, receipts, connection } = await db.withTenant(run.tenantId, async (tx) => {
          const mine = await ownOperations(tx, run, run);
          return { own: mine, receipts: await openReceipts(tx, mine), connection: await findMailConnection(tx) };
        });
        if (own.length === 0) return;
        if (connection === null) return refuseAll(run, own, receipts);
        const troubles = await sendAll(run, connection, receipts, signal);
        await end(run, own, receipts, troubles, { connectionId: connection.id, wakeMs });
      }),

    sendOneReceipt: ({ tenantId, mailId }) =>
      withHeartbeat(async (signal) => {
        const { receipt, connection } = await db.withTenant(tenantId, async (tx) => ({
          receipt: await readOpenReceipt(tx, mailId),
          connection: await findMailConnection(tx),
        }));
        if (receipt === null) return;
        if (connection === null) {
          await db.withTenant(tenantId, (tx) => endTry(tx, mailId, { end: 'refused', reason: 'no_mail_connection' }));
          return;
        }
        const mailer = await mailerOf(tenantId, connection);
        const { result, error } = await sendReceipt(db, mailer, tenantId, receipt, signal);
        if (result.end === 'busy') throw new NervioError('mail_busy');
        if (result.end === 'later') throw await heard(tenantId, connection, error);
      }),
  };

  async function heard(tenantId: string, connection: ConnectionRow, error: MailError | null): Promise<NervioError> {
    const known = toNervioError(error);
    await noteTrouble(tenantId, connection, known);
    return known;
  }

  /** A business without a mail server: said once, and the sales have no reason to wait. */
  async function refuseAll(run: SalesRun, own: string[], receipts: OpenReceipt[]): Promise<void> {
    await db.withTenant(run.tenantId, async (tx) => {
      for (const { mailId } of receipts) await endTry(tx, mailId, { end: 'refused', reason: 'no_mail_connection' });
      const lines = receipts.map(({ operationId, recipient }) => ({
        id: operationId,
        code: 'receipt_no_server',
        data: { to: maskAddress(recipient) },
      }));
      await tellOperations(tx, lines, run);
      await syncOperations(tx, own, run);
    });
  }
}
