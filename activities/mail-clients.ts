import { createMailer, type Mailer } from '../connectors/mail/mailer';
import { defaultMailTimeouts, type MailConnection, type MailTimeouts } from '../connectors/mail/config';
import type { ConnectionRow } from '../store/connections';
import { openSecret, type SecretBox } from '../store/secrets';

/** Mailers of the tenants' mail servers: one per connection and version of its row, so that a mended one is used at once. */
export interface MailClients {
  /** @throws NervioError mail_credentials when the stored key cannot be opened */
  for(tenantId: string, connection: ConnectionRow): Mailer;
  close(): void;
}

/** The settings of a connection of kind mail: `database` is the sender's address. */
export const mailConnectionOf = (
  settings: { url: string; database: string; login: string },
  secret: string,
): MailConnection => ({ url: settings.url, login: settings.login, from: settings.database, secret });

export function createMailClients(deps: { secrets: SecretBox; timeouts?: MailTimeouts }): MailClients {
  const clients = new Map<string, { version: number; mailer: Mailer }>();
  return {
    for(tenantId, connection) {
      const key = `${tenantId}/${connection.id}`;
      const known = clients.get(key);
      if (known?.version === connection.version) return known.mailer;
      known?.mailer.close();
      const owner = { tenantId, connectionId: connection.id };
      const secret = openSecret(deps.secrets, connection.secret, owner, 'mail_credentials');
      const mailer = createMailer(mailConnectionOf(connection.settings, secret), deps.timeouts ?? defaultMailTimeouts);
      clients.set(key, { version: connection.version, mailer });
      return mailer;
    },
    close() {
      for (const { mailer } of clients.values()) mailer.close();
      clients.clear();
    },
  };
}
