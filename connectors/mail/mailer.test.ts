import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { simulatedLogin, startMailSimulator, type MailSimulator } from '../../simulators/mail/server';
import { classifyMailError } from './classify';
import { createMailer, type Mail, type Mailer } from './mailer';

/** Against a server that speaks SMTP on a real socket. */
let simulator: MailSimulator;
let mailer: Mailer;
const made: Mailer[] = [];

const settings = () => ({
  url: simulator.smtpUrl,
  login: simulatedLogin.user,
  secret: simulatedLogin.pass,
  from: 'tienda@demo.test',
});
const mailerOf = (more: Partial<ReturnType<typeof settings>> = {}, answerMs = 10_000): Mailer => {
  const one = createMailer({ ...settings(), ...more }, { connectMs: 10_000, answerMs });
  made.push(one);
  return one;
};

beforeAll(async () => {
  simulator = await startMailSimulator({ smtpPort: 0, httpPort: 0 });
});
beforeEach(() => {
  simulator.control({ mode: 'ok', reset: true });
  mailer = mailerOf();
});
afterEach(() => {
  for (const one of made.splice(0)) one.close();
});
afterAll(() => simulator.close());

let serial = 0;
const mail = (more: Partial<Mail> = {}): Mail => ({
  messageId: `<${++serial}@nervio.test>`,
  to: 'ana@cliente.test',
  subject: 'Boleta N° 12 · $12.990',
  text: 'Gracias por su compra, señora Ñuñez.\n',
  html: '<p>Gracias por su compra, señora Ñuñez.</p>',
  ...more,
});

it('what is sent arrives as it was written', async () => {
  const sent = mail();
  await mailer.send(sent);
  expect(simulator.state().messages).toMatchObject([
    {
      messageId: sent.messageId,
      from: 'tienda@demo.test',
      to: [sent.to],
      subject: sent.subject,
      text: sent.text,
      times: 1,
    },
  ]);
  expect(simulator.state().messages[0]?.html).toContain('Ñuñez');
});

it('a file arrives as the bytes that it was, beside the text', async () => {
  const content = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7) % 256));
  await mailer.send(mail({ attachments: [{ filename: 'boleta-12.pdf', contentType: 'application/pdf', content }] }));
  const [message] = simulator.state().messages;
  expect(message).toMatchObject({
    text: 'Gracias por su compra, señora Ñuñez.\n',
    attachments: [{ name: 'boleta-12.pdf', contentType: 'application/pdf', bytes: 5_000 }],
  });
  const answer = await fetch(`${simulator.url}/messages/${message!.id}/0`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
});

it('a second mail goes over the connection of the first', async () => {
  await mailer.send(mail());
  await mailer.send(mail());
  expect(simulator.state().calls).toEqual({ connections: 1, mails: 2 });
});

it('a connection that the server closed meanwhile is replaced, and the mail is sent once', async () => {
  await mailer.send(mail());
  simulator.control({ mode: 'down' });
  simulator.control({ mode: 'ok' });
  await mailer.send(mail());
  expect(simulator.state().messages.map(({ times }) => times)).toEqual([1, 1]);
});

describe('what a failure says', () => {
  it.each([
    ['no such mailbox: never', { to: 'noexiste@cliente.test' }, {}, 'refused'],
    ['mailbox full: later', { to: 'llena@cliente.test' }, {}, 'busy'],
    ['an address that cannot be one: never', { to: 'nadie en particular' }, {}, 'refused'],
    ['too many mails: later', {}, { mode: 'throttle' }, 'busy'],
    ['a server in trouble: later', {}, { mode: 'error' }, 'busy'],
    ['a message that is not wanted: never', {}, { mode: 'error', status: 554 }, 'refused'],
    ['a server that is gone: nothing was sent', {}, { mode: 'down' }, 'unreachable'],
    ['taken, and the answer lost: nobody knows', {}, { mode: 'apply_then_drop' }, 'unknown_outcome'],
  ] as const)('%s', async (_, more, control, errorClass) => {
    if ('mode' in control) simulator.control(control);
    await expect(mailer.send(mail(more))).rejects.toMatchObject({ name: 'MailError', errorClass });
    simulator.control({ mode: 'ok' });
    await mailer.send(mail());
  });

  it('an answer that does not come in time: nobody knows', async () => {
    simulator.control({ mode: 'slow', ms: 10_000, times: 1 });
    await expect(mailerOf({}, 2_000).send(mail())).rejects.toMatchObject({ errorClass: 'unknown_outcome' });
  });

  it('a wrong password', async () => {
    const wrong = mailerOf({ secret: 'wrong' });
    await expect(wrong.probe()).rejects.toMatchObject({ errorClass: 'bad_credentials' });
    await expect(wrong.send(mail())).rejects.toMatchObject({ errorClass: 'bad_credentials' });
  });

  it('nobody listens there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(mailerOf({ url: `smtp://127.0.0.1:${port}` }).probe()).rejects.toMatchObject({
      errorClass: 'unreachable',
    });
  });

  it('stopped by us before it was on its way: nothing was sent', async () => {
    await expect(mailer.send(mail(), AbortSignal.abort())).rejects.toMatchObject({ errorClass: 'unreachable' });
    expect(simulator.state().messages).toEqual([]);
  });

  it.each([
    [421, 'CONN', 'busy'],
    [530, 'MAIL FROM', 'bad_credentials'],
    [554, 'CONN', 'unreachable'],
  ])('an answer %i to %s', (responseCode, command, errorClass) => {
    expect(classifyMailError({ responseCode, command, message: 'x' }, false)).toMatchObject({ errorClass });
  });
});

it('the same mail again after an unknown outcome is the same mail to whoever gets it', async () => {
  const once = mail();
  simulator.control({ mode: 'apply_then_drop', times: 1 });
  await expect(mailer.send(once)).rejects.toMatchObject({ errorClass: 'unknown_outcome' });
  await mailer.send(once);
  expect(simulator.state().messages).toMatchObject([{ messageId: once.messageId, times: 2 }]);
  expect(simulator.state().seenTwice).toEqual([{ messageId: once.messageId, times: 2 }]);
});

it('without a log-in where none is asked for', async () => {
  await mailerOf({ login: '', secret: '' }).send(mail());
  expect(simulator.state().messages).toHaveLength(1);
});
