import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { classifyMailError } from './classify';
import { defaultMailTimeouts, type MailConnection, type MailTimeouts } from './config';
import { MailError } from './errors';

export interface Mail {
  /** `<…@…>`: the same mail sent again has the same, so that whoever gets it twice can tell. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments?: { filename: string; contentType: string; content: Buffer }[];
}

/**
 * A mail server. SMTP gives at-least-once and no more: there is no question that tells whether a message was taken, so a
 * mail of unknown outcome is sent again under its Message-ID.
 */
export interface Mailer {
  /** Connects and logs in; sends nothing. */
  probe(signal?: AbortSignal): Promise<{ serverVersion: string; latencyMs: number }>;
  /** Resolves when the server has taken the mail. @throws MailError */
  send(mail: Mail, signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** A logged-in connection lives on for the next mail for this long. */
const idleMs = 5_000;

interface Idle {
  connection: SMTPConnection;
  timer: NodeJS.Timeout;
}

export function createMailer(settings: MailConnection, timeouts: MailTimeouts = defaultMailTimeouts): Mailer {
  const url = new URL(settings.url);
  const secure = url.protocol === 'smtps:';
  const idle: Idle[] = [];

  /** Runs one step of a connection. What breaks it, also between steps, or the signal, rejects it. */
  function step<T>(
    connection: SMTPConnection,
    signal: AbortSignal | undefined,
    work: (done: (error?: unknown, value?: T) => void) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const end = (): void => {
        connection.off('error', fail);
        connection.off('end', closed);
        signal?.removeEventListener('abort', aborted);
      };
      const fail = (error: unknown): void => {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const closed = (): void => fail(new Error('The connection was closed'));
      const aborted = (): void => {
        fail(signal?.reason);
        connection.close();
      };
      connection.on('error', fail);
      connection.on('end', closed);
      signal?.addEventListener('abort', aborted);
      if (signal?.aborted) return aborted();
      work((error, value) => {
        if (error) return fail(error);
        end();
        resolve(value as T);
      });
    });
  }

  async function open(signal?: AbortSignal): Promise<SMTPConnection> {
    const connection = new SMTPConnection({
      host: url.hostname,
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      connectionTimeout: timeouts.connectMs,
      greetingTimeout: timeouts.connectMs,
      dnsTimeout: timeouts.connectMs,
      socketTimeout: timeouts.answerMs,
      logger: false,
    });
    // Whatever happens between two steps ends the connection; the next step finds it closed.
    connection.on('error', () => forget(connection));
    connection.on('end', () => forget(connection));
    try {
      await step<void>(connection, signal, (done) => connection.connect((error) => done(error)));
      if (settings.login !== '') {
        const auth = { user: settings.login, pass: settings.secret };
        await step<void>(connection, signal, (done) => connection.login(auth, (error) => done(error)));
      }
      return connection;
    } catch (error) {
      connection.close();
      throw classifyMailError(error, false);
    }
  }

  function forget(connection: SMTPConnection): void {
    const at = idle.findIndex((one) => one.connection === connection);
    if (at >= 0) for (const { timer } of idle.splice(at, 1)) clearTimeout(timer);
  }

  function keep(connection: SMTPConnection): void {
    const timer = setTimeout(() => {
      forget(connection);
      connection.quit();
    }, idleMs);
    timer.unref();
    idle.push({ connection, timer });
  }

  /** A message that tells when the first of it was asked for: from then on the server may have it. */
  function tracked(message: Buffer): { stream: Readable; onItsWay: () => boolean } {
    let begun = false;
    let left: Buffer | null = message;
    const stream = new Readable({
      read() {
        begun = true;
        this.push(left);
        if (left !== null) {
          left = null;
          this.push(null);
        }
      },
    });
    return { stream, onItsWay: () => begun };
  }

  async function sendBy(connection: SMTPConnection, mail: Mail, signal?: AbortSignal): Promise<void> {
    const message = await new MailComposer({
      ...mail,
      from: settings.from,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
      .compile()
      .build();
    const { stream, onItsWay } = tracked(message);
    const envelope = { from: settings.from, to: [mail.to] };
    try {
      await step<unknown>(connection, signal, (done) => connection.send(envelope, stream, done));
    } catch (error) {
      const known = classifyMailError(error, onItsWay());
      // An answer of the server leaves the connection as good as it was.
      if (known.errorClass === 'refused' || known.errorClass === 'busy') connection.quit();
      else connection.close();
      throw known;
    }
    keep(connection);
  }

  return {
    async probe(signal) {
      const began = performance.now();
      const connection = await open(signal);
      const latencyMs = Math.round(performance.now() - began);
      const greeting = typeof connection.lastServerResponse === 'string' ? connection.lastServerResponse : '';
      connection.quit();
      return { serverVersion: greeting === '' ? 'SMTP' : `SMTP ${url.hostname}`, latencyMs };
    },
    async send(mail, signal) {
      const reused = idle.pop();
      if (reused) {
        clearTimeout(reused.timer);
        try {
          return await sendBy(reused.connection, mail, signal);
        } catch (error) {
          // The server had closed it while it was idle: nothing was sent, and a new one may do.
          if (!(error instanceof MailError) || error.errorClass !== 'unreachable' || signal?.aborted) throw error;
        }
      }
      await sendBy(await open(signal), mail, signal);
    },
    close() {
      for (const { connection, timer } of idle.splice(0)) {
        clearTimeout(timer);
        connection.close();
      }
    },
  };
}
