import { createMailer } from '../../connectors/mail/mailer';
import { createOdooStock } from '../../connectors/odoo/stock';
import { toNervioError } from '../failures';
import { mailConnectionOf } from '../mail-clients';

/** Where an outside system is and who we are there. */
interface TriedConnection {
  kind: string;
  url: string;
  database: string;
  login: string;
  secret: string;
}

interface Trial {
  serverVersion: string;
  latencyMs: number;
}

/**
 * Tries a connection once, with settings that need not be stored.
 * Rejects with a NervioError of the codes of its kind, as the watcher's probe would.
 */
export async function tryConnection(connection: TriedConnection, signal: AbortSignal): Promise<Trial> {
  const { kind, ...settings } = connection;
  try {
    return kind === 'mail' ? await tryMail(settings, signal) : await tryOdoo(settings, signal);
  } catch (error) {
    throw toNervioError(error);
  }
}

async function tryOdoo(settings: Omit<TriedConnection, 'kind'>, signal: AbortSignal): Promise<Trial> {
  const odoo = createOdooStock(settings);
  try {
    const probe = await odoo.probe(signal);
    // Asked for its sake: an Odoo that we do not know answers a probe all the same.
    await odoo.version(signal);
    return probe;
  } finally {
    odoo.close();
  }
}

async function tryMail(settings: Omit<TriedConnection, 'kind'>, signal: AbortSignal): Promise<Trial> {
  const mailer = createMailer(mailConnectionOf(settings, settings.secret));
  try {
    return await mailer.probe(signal);
  } finally {
    mailer.close();
  }
}
