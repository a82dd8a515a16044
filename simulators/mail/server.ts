import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { inboxPage } from './inbox';
import { readMessage, type ReadAttachment } from './message';
import { BadControl, ok, readSetting, type Setting } from './modes';

/** A mail that was taken. The same Message-ID again is the same mail: `times` says how often it came. */
export interface TakenMail {
  id: number;
  messageId: string | null;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  /** Their bytes are at `/messages/<id>/<index>`, of the last hundred mails. */
  attachments: { name: string; contentType: string; bytes: number }[];
  at: string;
  times: number;
}

export interface MailState {
  mode: Setting;
  messages: TakenMail[];
  calls: { connections: number; mails: number };
  seenTwice: { messageId: string; times: number }[];
}

export interface MailSimulator {
  smtpUrl: string;
  url: string;
  control(body: Record<string, unknown>): void;
  state(): MailState;
  close(): Promise<void>;
}

export interface MailSimulatorOptions {
  host?: string;
  /** 0 = any. */
  smtpPort: number;
  httpPort: number;
}

/** Of so many mails the attachments are kept: a long run sends thousands. */
const keptFiles = 100;

/** Who may log in; without a log-in mail is taken too. */
export const simulatedLogin = { user: 'nervio@demo.test', pass: 'nervio-demo-mail' };

const reply = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

/**
 * A mail server on the wire (SMTP), with an inbox for people and for tests. Addresses that are refused for good begin with
 * `noexiste`, those whose mailbox is full with `llena`.
 */
export async function startMailSimulator(options: MailSimulatorOptions): Promise<MailSimulator> {
  const { host = '127.0.0.1' } = options;
  let setting = ok;
  let messages: TakenMail[] = [];
  let calls = { connections: 0, mails: 0 };
  /** By the number of the mail. */
  let files = new Map<number, ReadAttachment[]>();

  /** The mode that meets the next mail. */
  const take = (): Setting => {
    const met = setting;
    if (met.left !== null) setting = met.left > 1 ? { ...met, left: met.left - 1 } : ok;
    return met;
  };

  const keep = (session: SMTPServerSession, raw: string): void => {
    const { attachments, ...read } = readMessage(raw);
    const known = messages.find(({ messageId }) => messageId !== null && messageId === read.messageId);
    if (known) known.times++;
    else {
      const { mailFrom, rcptTo } = session.envelope;
      const id = messages.length + 1;
      files.set(id, attachments);
      files.delete(id - keptFiles);
      messages.push({
        id,
        ...read,
        attachments: attachments.map(({ name, contentType, content }) => ({
          name,
          contentType,
          bytes: content.length,
        })),
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        at: new Date().toISOString(),
        times: 1,
      });
    }
  };

  const drop = (session: SMTPServerSession): void => {
    for (const connection of smtp.connections) if (connection.session.id === session.id) connection._socket.destroy();
  };

  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    closeTimeout: 1,
    disableReverseLookup: true,
    onConnect(session, done) {
      calls.connections++;
      if (setting.mode === 'down') drop(session);
      else done();
    },
    onAuth({ username, password }, _session, done) {
      if (username === simulatedLogin.user && password === simulatedLogin.pass) done(null, { user: username });
      else done(reply(535, 'Authentication credentials invalid'));
    },
    onRcptTo({ address }, _session, done) {
      if (setting.mode === 'throttle') {
        take();
        done(reply(450, '4.7.1 Too many mails, try again later'));
      } else if (address.startsWith('noexiste')) done(reply(550, '5.1.1 No such mailbox'));
      else if (address.startsWith('llena')) done(reply(452, '4.2.2 Mailbox full'));
      else done();
    },
    onData(stream, session, done) {
      const receive = async (): Promise<void> => {
        const raw = (await buffer(stream)).toString('latin1');
        calls.mails++;
        const met = take();
        if (met.mode === 'down') return drop(session);
        if (met.mode === 'error') return done(reply(met.status, 'Simulated error'));
        keep(session, raw);
        if (met.mode === 'apply_then_drop') return drop(session);
        if (met.mode === 'slow') await wait(met.ms, undefined, { ref: false });
        done(null, 'Taken');
      };
      receive().catch((error: unknown) => done(error instanceof Error ? error : new Error(String(error))));
    },
  });
  // A client that went away in the middle; its connection is gone, and that is all.
  smtp.on('error', () => undefined);

  const state = (): MailState => ({
    mode: setting,
    messages,
    calls,
    seenTwice: messages.flatMap(({ messageId, times }) =>
      times > 1 && messageId !== null ? [{ messageId, times }] : [],
    ),
  });

  const control = (body: Record<string, unknown>): void => {
    const next = body.mode === undefined ? null : readSetting(body);
    if (body.reset === true) {
      messages = [];
      files = new Map();
      calls = { connections: 0, mails: 0 };
    }
    if (!next) return;
    setting = next;
    if (next.mode === 'down') for (const connection of smtp.connections) connection._socket.destroy();
  };

  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://inbox');
    if (pathname === '/_state') return json(response, 200, state());
    if (pathname === '/') return page(response, inboxPage(messages));
    const [, mail, index] = /^\/messages\/(\d+)\/(\d+)$/.exec(pathname) ?? [];
    const file = mail === undefined ? undefined : files.get(Number(mail))?.[Number(index)];
    if (file) return download(response, file);
    if (pathname !== '/_control' || request.method !== 'POST') return json(response, 404, { error: 'Not here' });
    text(request)
      .then((body) => {
        control(JSON.parse(body || '{}') as Record<string, unknown>);
        json(response, 200, { ok: true, mode: setting });
      })
      .catch((error: unknown) => {
        const known = error instanceof BadControl || error instanceof SyntaxError;
        json(response, known ? 400 : 500, { error: error instanceof Error ? error.message : String(error) });
      });
  });

  const smtpPort = await listening(smtp.server, () => smtp.listen(options.smtpPort, host));
  try {
    const httpPort = await listening(http, () => http.listen(options.httpPort, host));
    return {
      smtpUrl: `smtp://${host}:${smtpPort}`,
      url: `http://${host}:${httpPort}`,
      control,
      state,
      async close() {
        http.closeAllConnections();
        await Promise.all([
          new Promise<void>((resolve) => http.close(() => resolve())),
          new Promise<void>((resolve) => smtp.close(() => resolve())),
        ]);
      },
    };
  } catch (error) {
    smtp.close(() => undefined);
    throw error;
  }
}

function listening(server: Server, listen: () => unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    server.once('error', failed);
    server.once('listening', () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
    listen();
  });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function page(response: ServerResponse, html: string): void {
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      // What strangers write into a mail runs nothing here.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
    })
    .end(html);
}

/** Never shown in the page's own place: what it is, a stranger said. */
function download(response: ServerResponse, { contentType, content }: ReadAttachment): void {
  const known = contentType === 'application/pdf' ? contentType : 'application/octet-stream';
  response
    .writeHead(200, { 'content-type': known, 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' })
    .end(content);
}
