import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { statementName } from './statement-name';
import { Trip } from './trip';

let database: TestDatabase;
let pool: pg.Pool;
let client: pg.PoolClient;
/** What came in of these messages of the protocol. */
let heard: { readyForQuery: number; rowDescription: number; parseComplete: number };

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  pool = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  client = await pool.connect();
  heard = { readyForQuery: 0, rowDescription: 0, parseComplete: 0 };
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  for (const message of ['readyForQuery', 'rowDescription', 'parseComplete'] as const) {
    connection.on(message, () => heard[message]++);
  }
});
afterEach(async () => {
  client.release();
  await pool.end();
});

type Asked = string | { text: string; values: (string | null)[] };

interface Answer {
  rows?: unknown[];
  command?: string;
  error?: Error;
}

/** One trip; resolves when the connection is free again, with what each statement came to. */
function travel(...asked: Asked[]): Promise<Answer[]> {
  return new Promise((done) => {
    const answers: Answer[] = [];
    const statements = asked.map((one) => {
      const { text, values } = typeof one === 'string' ? { text: one, values: [] } : one;
      return {
        name: statementName(text),
        text,
        values,
        resolve: (rows: unknown[], command: string) => void answers.push({ rows, command }),
        reject: (error: Error) => void answers.push({ error }),
      };
    });
    client.query(new Trip(client, statements, () => done(answers)));
  });
}

const rowsOf = (answers: Answer[]) => answers.map(({ rows, error }) => rows ?? error?.message);

it('takes all its statements there and back at once', async () => {
  const answers = await travel(
    'BEGIN',
    { text: 'SELECT $1::int AS a, $2::text AS b', values: ['1', null] },
    'SELECT n FROM generate_series(1, 3) AS n',
    'COMMIT',
  );
  expect(rowsOf(answers)).toEqual([[], [{ a: 1, b: null }], [{ n: 1 }, { n: 2 }, { n: 3 }], []]);
  expect(answers.map(({ command }) => command)).toEqual(['BEGIN', 'SELECT', 'SELECT', 'COMMIT']);
  expect(heard.readyForQuery).toBe(1);
});

it('has a statement parsed and described once for a connection', async () => {
  const ask = (value: string) => ({ text: 'SELECT $1::int AS n', values: [value] });
  expect(rowsOf(await travel(ask('1'), ask('2')))).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  heard.rowDescription = 0;
  expect(rowsOf(await travel(ask('3'), ask('4'), ask('5')))).toEqual([[{ n: 3 }], [{ n: 4 }], [{ n: 5 }]]);
  expect(heard).toMatchObject({ parseComplete: 1, rowDescription: 0, readyForQuery: 2 });
});

it('tells those without a name apart, whatever their columns are', async () => {
  const filtered = (column: string) => ({
    text: `SELECT 1 AS ${column} WHERE $1::int IS NULL OR $1 = 1`,
    values: [null],
  });
  expect(statementName(filtered('a').text)).toBe('');
  expect(rowsOf(await travel(filtered('a'), filtered('b'), filtered('a')))).toEqual([
    [{ a: 1 }],
    [{ b: 1 }],
    [{ a: 1 }],
  ]);
});

it('answers what came before a failure, and fails what comes behind it with the same error', async () => {
  const answers = await travel('SELECT 1 AS n', 'SELECT 1 / 0', 'CREATE TABLE never_made ()', 'SELECT 2 AS n');
  expect(rowsOf(answers)).toEqual([[{ n: 1 }], 'division by zero', 'division by zero', 'division by zero']);
  expect(rowsOf(await travel(`SELECT to_regclass('never_made') AS made`))).toEqual([[{ made: null }]]);
});

it('parses anew what could not be parsed', async () => {
  const text = 'SELECT count(*)::int AS n FROM made_later';
  expect(rowsOf(await travel(text))).toEqual(['relation "made_later" does not exist']);
  expect(rowsOf(await travel('CREATE TABLE made_later ()', text))).toEqual([[], [{ n: 0 }]]);
});

it('takes what is asked while another is under way after that', async () => {
  const [first, second] = await Promise.all([travel('SELECT 1 AS n FROM pg_sleep(0.05)'), travel('SELECT 2 AS n')]);
  expect([rowsOf(first), rowsOf(second)]).toEqual([[[{ n: 1 }]], [[{ n: 2 }]]]);
});
