import { startMailSimulator, type MailSimulator } from './server';

let simulator: MailSimulator;
beforeAll(async () => {
  simulator = await startMailSimulator({ smtpPort: 0, httpPort: 0 });
});
afterAll(() => simulator.close());

const control = (body: object | string) =>
  fetch(`${simulator.url}/_control`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

it('is controlled and asked over HTTP', async () => {
  expect((await control({ mode: 'slow', ms: 5, times: 2 })).status).toBe(200);
  const state = (await (await fetch(`${simulator.url}/_state`)).json()) as object;
  expect(state).toMatchObject({ mode: { mode: 'slow', ms: 5, left: 2 }, messages: [], seenTwice: [] });
  expect((await control({ mode: 'slow', times: 0 })).status).toBe(200);
  expect(simulator.state().mode.mode).toBe('ok');
});

it.each([{ mode: 'sometimes' }, { mode: 'slow', ms: -1 }, { mode: 'error', status: 'x' }, '{'])(
  'says what it does not understand: %j',
  async (body) => {
    const answer = await control(body);
    expect([answer.status, Object.keys((await answer.json()) as object)]).toEqual([400, ['error']]);
  },
);

it.each(['/messages/1/0', '/messages/1', '/else'])('has nothing at %s', async (path) => {
  expect((await fetch(simulator.url + path)).status).toBe(404);
});

it('shows its inbox to people', async () => {
  const answer = await fetch(simulator.url);
  expect(answer.headers.get('content-type')).toContain('text/html');
  expect(await answer.text()).toContain('Aún no llega ninguno');
});
