import type { Outcome } from '../components/desk/api';
import type { ScannedVariant } from '../../domain/product';
import type { AcceptedSale, RegisterView, SaleInput } from './api';
import { commandCodes, noteCode } from './command-codes';
import type { Draft } from './disk';
import { Pos, type PosParts, type Till } from './store';

const variant = (sku: string, more: Partial<ScannedVariant> = {}): ScannedVariant => ({
  id: `id-${sku}`,
  productId: 'p',
  sku,
  name: `Producto ${sku}`,
  size: 'Única',
  colour: 'Único',
  colourHex: null,
  category: null,
  unit: 'unit',
  taxRate: 0.19,
  price: { amount: 1_190, currency: 'CLP' },
  retailPrice: null,
  barcodes: [`780${sku}`],
  imageUrl: null,
  active: true,
  version: 1,
  onHand: '10.000',
  available: '10.000',
  stale: false,
  ...more,
});

const register: RegisterView = {
  id: 'r1',
  name: 'Caja 1',
  siteId: 's1',
  session: {
    id: 'x1',
    openedAt: '2026-11-25T12:00:00.000Z',
    openedBy: { id: 'u1', name: 'Camila' },
    float: { amount: 0, currency: 'CLP' },
  },
};
const till: Till = { siteId: 's1', siteName: 'Tienda 1', register };

const accepted: AcceptedSale = {
  saleId: 'sale',
  operationId: 'operation',
  number: 7,
  total: { amount: 1_190, currency: 'CLP' },
  tax: { amount: 190, currency: 'CLP' },
  change: { amount: 0, currency: 'CLP' },
  state: 'pending',
};

/** A till whose server answers what a test says, and whose disk is a variable. */
function world(known: ScannedVariant[] = [variant('A'), variant('B')]) {
  const sent: { key: string; input: SaleInput; onDisk: string | null }[] = [];
  const answers: (Outcome<AcceptedSale> | (() => Promise<Outcome<AcceptedSale>>))[] = [];
  const here: { disk: Draft | null; offline: boolean; pages: ScannedVariant[] } = {
    disk: null,
    offline: false,
    pages: [],
  };
  let last = 0;
  const parts: PosParts = {
    server: {
      sell: async (_, input, key) => {
        sent.push({ key, input, onDisk: here.disk?.attempt?.key ?? null });
        const answer = answers.shift() ?? { kind: 'ok', value: accepted };
        return typeof answer === 'function' ? answer() : answer;
      },
      scanProduct: async (code) => {
        const found = known.find(({ sku, barcodes }) => sku === code || barcodes.includes(code));
        return found ? { kind: 'ok', value: found } : { kind: 'problem', problem: { code: 'unknown_code' } };
      },
      preloadProducts: async () => ({ kind: 'ok', value: { items: here.pages, nextCursor: null } }),
    },
    disk: {
      read: async () => here.disk,
      write: async (_, draft) => {
        here.disk = draft;
      },
    },
    offline: () => here.offline,
    feedback: () => undefined,
    newId: () => `id${++last}`,
    now: () => 1_000_000 + last * 60_000,
  };
  const open = async (mayPrice = true): Promise<Pos> => {
    const pos = new Pos({ tenantId: 't', userId: 'u1' }, parts, mayPrice);
    pos.setTill(till);
    await pos.start();
    await settled();
    return pos;
  };
  return { parts, here, sent, answers, open };
}

/** What was asked of the pretended server is answered within a few turns of the loop. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};
const scan = async (pos: Pos, ...codes: string[]): Promise<void> => {
  for (const code of codes) {
    pos.scan({ text: code, physical: code });
    await settled();
  }
};
const lines = (pos: Pos) =>
  pos.snapshot().cart.lines.map(({ product, code, quantity }) => [product?.sku ?? code, quantity]);

describe('a scan', () => {
  it('is a line at once, also of what this till has never seen', async () => {
    const { open } = world();
    const pos = await open();
    pos.scan({ text: '780A', physical: '780A' });
    expect(lines(pos)).toEqual([['780A', 1_000]]);
    await settled();
    expect(lines(pos)).toEqual([['A', 1_000]]);
    pos.scan({ text: 'A', physical: 'A' });
    expect(lines(pos)).toEqual([['A', 2_000]]);
  });

  it('adds as many as the keys said before it', async () => {
    const pos = await world().open();
    pos.setTimes(3_000);
    await scan(pos, '780A', '2*780B');
    expect(lines(pos)).toEqual([
      ['B', 2_000],
      ['A', 3_000],
    ]);
    expect(pos.snapshot().times).toBeNull();
  });

  it('that is nothing is said, and keeps the sale from being charged', async () => {
    const pos = await world().open();
    await scan(pos, 'NADA');
    expect(pos.snapshot().said).toMatchObject({ kind: 'failure', key: 'unknown_code' });
    pos.pay();
    expect(pos.snapshot()).toMatchObject({ over: null, payment: null });
  });

  it('without a network is a line that is asked again when it is back', async () => {
    const { open, parts } = world();
    const { server } = parts;
    parts.server = { ...server, scanProduct: async () => ({ kind: 'unreachable' }) };
    const pos = await open();
    await scan(pos, '780A');
    expect(pos.snapshot().cart.lines[0]?.lookup).toBe('unreachable');
    parts.server = server;
    pos.online();
    await settled();
    expect(lines(pos)).toEqual([['A', 1_000]]);
  });

  it('takes away what lies over the cart', async () => {
    const pos = await world().open();
    await scan(pos, '780A');
    pos.pay();
    expect(pos.snapshot().over).toBe('pay');
    await scan(pos, '780B');
    expect(pos.snapshot()).toMatchObject({ over: null, payment: null });
    expect(lines(pos)).toHaveLength(2);
  });
});

describe('a sale', () => {
  it('by scanner alone: goods, Cobrar, a note, Confirmar, the next goods', async () => {
    const { open, sent } = world();
    const pos = await open();
    await scan(pos, '780A', commandCodes.charge, noteCode(2_000), commandCodes.confirm);
    expect(sent[0]?.input).toMatchObject({
      siteId: 's1',
      registerId: 'r1',
      lines: [{ sku: 'A', quantity: '1.000', listPrice: 1_190 }],
      payments: [{ method: 'cash', amount: 2_000 }],
    });
    expect(pos.snapshot().done?.accepted.number).toBe(7);
    await scan(pos, '780B');
    expect(pos.snapshot().done).toBeNull();
    expect(lines(pos)).toEqual([['B', 1_000]]);
  });

  it('that is charged before a price has come is charged when it has, with all that was scanned after', async () => {
    const { open, sent } = world();
    const pos = await open();
    for (const code of ['780A', commandCodes.charge, noteCode(2_000), commandCodes.confirm, '780B'])
      pos.scan({ text: code, physical: code });
    expect(pos.snapshot().over).toBeNull();
    await settled();
    expect(sent[0]?.input.payments).toEqual([{ method: 'cash', amount: 2_000 }]);
    expect(pos.snapshot()).toMatchObject({ done: { accepted: { number: 7 } }, waiting: 1 });
  });

  it('keeps the sum that is being paid while a newer price arrives: the server tells of it', async () => {
    const { open, sent, answers, here, parts } = world();
    here.pages = [variant('A')];
    const pos = await open();
    let arrive = (): void => undefined;
    const scanProduct: PosParts['server']['scanProduct'] = () =>
      new Promise((resolve) => {
        arrive = () => resolve({ kind: 'ok', value: variant('A', { price: { amount: 2_490, currency: 'CLP' } }) });
      });
    parts.server = { ...parts.server, scanProduct };
    await scan(pos, '780A', commandCodes.charge);
    expect(pos.snapshot().payment?.total).toBe(1_190);
    arrive();
    await settled();
    answers.push({
      kind: 'problem',
      problem: { code: 'price_changed', lines: [{ sku: 'A', price: { amount: 2_490, currency: 'CLP' } }] },
    });
    await scan(pos, commandCodes.confirm);
    expect(sent[0]?.input).toMatchObject({ lines: [{ listPrice: 1_190 }], payments: [{ amount: 1_190 }] });
    expect(pos.snapshot().cart.lines[0]?.problem?.code).toBe('price_changed');
  });

  it('that is charged before a code turned out to be nothing is not', async () => {
    const { open, sent } = world();
    const pos = await open();
    for (const code of ['NADA', commandCodes.charge, commandCodes.confirm]) pos.scan({ text: code, physical: code });
    await settled();
    expect(sent).toEqual([]);
    expect(pos.snapshot()).toMatchObject({ over: null, said: { key: 'blocked', why: 'unknown_code' } });
  });

  it('has its key on disk before it is sent, and none when it is answered', async () => {
    const { open, sent, here } = world();
    const pos = await open();
    await scan(pos, '780A', commandCodes.charge, commandCodes.confirm);
    expect(sent[0]?.onDisk).toBe(sent[0]?.key);
    expect(here.disk).toMatchObject({ attempt: null, cart: { lines: [] } });
  });

  it('whose answer was lost is asked again with the same key and the same body', async () => {
    const { open, sent, answers } = world();
    answers.push({ kind: 'unreachable' }, { kind: 'problem', problem: { code: 'unavailable' } });
    const pos = await open();
    await scan(pos, '780A', commandCodes.charge, commandCodes.confirm);
    expect(pos.snapshot().sending).toBe('unanswered');
    await pos.ask();
    expect(pos.snapshot().sending).toBe('unanswered');
    await scan(pos, commandCodes.confirm);
    expect(pos.snapshot().done?.accepted.saleId).toBe('sale');
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(new Set(sent.map(({ input }) => JSON.stringify(input))).size).toBe(1);
  });

  it('whose answer was lost is in doubt for as long as it is asked again, and is asked once at a time', async () => {
    const { open, sent, answers } = world();
    let answer: (outcome: Outcome<AcceptedSale>) => void = () => undefined;
    answers.push({ kind: 'unreachable' }, () => new Promise((resolve) => (answer = resolve)));
    const pos = await open();
    await scan(pos, '780A', commandCodes.charge, commandCodes.confirm);
    await scan(pos, commandCodes.confirm, commandCodes.confirm);
    pos.online();
    expect([pos.snapshot().sending, sent.length]).toEqual(['asking', 2]);
    answer({ kind: 'ok', value: accepted });
    await settled();
    expect(pos.snapshot().done?.accepted.saleId).toBe('sale');
  });

  it('whose answer was lost with the page is asked by the next one, with its key', async () => {
    const { open, sent, answers } = world();
    answers.push({ kind: 'unreachable' });
    await scan(await open(), '780A', commandCodes.charge, commandCodes.confirm);
    const again = await open();
    expect(sent).toHaveLength(2);
    expect(sent[1]?.key).toBe(sent[0]?.key);
    expect(again.snapshot().done?.accepted.saleId).toBe('sale');
    expect(lines(again)).toEqual([]);
  });

  it('keeps what is scanned while it is asked about for the next one', async () => {
    const { open, answers } = world();
    answers.push({ kind: 'unreachable' });
    const pos = await open();
    await scan(pos, '780A', commandCodes.charge, commandCodes.confirm, '780B');
    expect(pos.snapshot()).toMatchObject({ waiting: 1, said: { key: 'waits' } });
    expect(lines(pos)).toEqual([['A', 1_000]]);
    await pos.ask();
    expect(lines(pos)).toEqual([]);
    pos.next();
    await settled();
    expect(lines(pos)).toEqual([['B', 1_000]]);
  });

  it('is not sent at all while the server is known to be gone', async () => {
    const { open, sent, here } = world();
    const pos = await open();
    here.offline = true;
    await scan(pos, '780A', commandCodes.charge, commandCodes.confirm);
    expect(sent).toEqual([]);
    expect(pos.snapshot()).toMatchObject({ sending: 'no', attempt: null, said: { key: 'offline' } });
  });

  it('that is refused stays on the counter, and the next try is another sale', async () => {
    const { open, sent, answers } = world();
    const short = { code: 'insufficient_stock', lines: [{ sku: 'A', wanted: '2.000', available: '1.000' }] };
    answers.push({ kind: 'problem', problem: short });
    const pos = await open();
    await scan(pos, '2*780A', commandCodes.charge, commandCodes.confirm);
    const [line] = pos.snapshot().cart.lines;
    expect(line?.problem).toEqual({ code: 'insufficient_stock', available: 1_000 });
    pos.mend(line!.id);
    await scan(pos, commandCodes.charge, commandCodes.confirm);
    expect(sent.map(({ input }) => input.lines[0]?.quantity)).toEqual(['2.000', '1.000']);
    expect(sent[0]?.key).not.toBe(sent[1]?.key);
  });

  it('whose payments do not add up is paid again for what the server says', async () => {
    const { open, answers } = world();
    answers.push({
      kind: 'problem',
      problem: { code: 'payments_mismatch', total: { amount: 1_500, currency: 'CLP' } } as never,
    });
    const pos = await open();
    await scan(pos, '780A', commandCodes.charge, commandCodes.confirm);
    expect(pos.snapshot()).toMatchObject({ over: 'pay', payment: { total: 1_500 }, trouble: { due: 1_500 } });
  });

  it('at a register that was closed meanwhile says so, with the way to open it', async () => {
    const { open, answers } = world();
    answers.push({ kind: 'problem', problem: { code: 'register_closed' } });
    const pos = await open();
    await scan(pos, '780A', commandCodes.charge, commandCodes.confirm);
    expect(pos.snapshot().trouble?.code).toBe('register_closed');
    pos.mendTrouble();
    expect(pos.snapshot()).toMatchObject({ trouble: null, over: 'register' });
    expect(lines(pos)).toEqual([['A', 1_000]]);
  });
});

describe('what is kept', () => {
  it('a cart outlives the page', async () => {
    const { open } = world();
    await scan(await open(), '780A', '780A', '780B');
    expect(lines(await open())).toEqual([
      ['B', 1_000],
      ['A', 2_000],
    ]);
  });

  it('a disk that refuses is said, and selling goes on', async () => {
    const { open, parts } = world();
    parts.disk.write = () => Promise.reject(new Error('quota'));
    const error = jest.spyOn(console, 'error').mockImplementation();
    const pos = await open();
    await scan(pos, '780A', commandCodes.charge, commandCodes.confirm);
    expect(pos.snapshot().unsaved).toBe(true);
    expect(pos.snapshot().done).not.toBeNull();
    error.mockRestore();
  });
});

it('a price is changed only by who may', async () => {
  const pos = await world().open(false);
  await scan(pos, '780A');
  pos.setPrice(pos.snapshot().cart.lines[0]!.id, 1);
  expect(pos.snapshot().cart.lines[0]?.unitPrice).toBeNull();
});

it('a ticket that is resumed is charged as that ticket', async () => {
  const { open, sent } = world();
  const pos = await open();
  const line = {
    sku: 'A',
    name: 'A',
    unit: 'unit',
    quantity: '2.000',
    price: { amount: 1_190, currency: 'CLP' },
    withdrawn: false,
  };
  pos.resumed({ id: 'ticket', lines: [{ ...line, unitPrice: { amount: 990, currency: 'CLP' } }] }, 'Don Luis');
  await settled();
  await scan(pos, commandCodes.charge, commandCodes.confirm);
  expect(sent[0]?.input).toMatchObject({
    ticketId: 'ticket',
    lines: [{ sku: 'A', quantity: '2.000', unitPrice: 990, listPrice: 1_190 }],
  });
});
