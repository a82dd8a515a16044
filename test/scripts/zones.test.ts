import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { scratchFolder } from './support';

/** The zone rules, tried on a small house of their own: each wrong import must fail, each right one pass. */
const house = scratchFolder();
const ROOMS = ['domain', 'connectors', 'store', 'activities', 'workflows', 'temporal', 'api', 'web', 'simulators'];

const value = (room: string) => `import { thing } from '../${room}/thing';\nexport const b = thing;\n`;
const type = (room: string) => `import type { Thing } from '../${room}/thing';\nexport type B = Thing;\n`;
const from = (name: string, what: string) => `import { ${what} } from '${name}';\nexport const c = ${what};\n`;

const RIGHT: [string, string][] = [
  ['store', value('domain')],
  ['activities', value('connectors')],
  ['activities', value('store')],
  ['temporal', value('activities')],
  ['workflows', value('domain')],
  ['workflows', type('activities')],
  ['workflows', from('@temporalio/workflow', 'proxyActivities')],
  ['api', value('store')],
  ['api', type('connectors')],
  ['api', from('../temporal/client', 'client')],
  ['web', type('api')],
  ['web', value('domain')],
  ['simulators', type('domain')],
];

const WRONG: [string, string, string][] = [
  ['domain', type('store'), 'types-domain'],
  ['domain', from('node:fs', 'readFileSync'), 'domain-does-no-io'],
  ['connectors', value('store'), 'types-connectors'],
  ['store', value('connectors'), 'types-store'],
  ['activities', value('temporal'), 'zone-activities'],
  ['workflows', value('activities'), 'zone-workflows'],
  ['workflows', type('store'), 'types-workflows'],
  ['workflows', from('node:path', 'join'), 'workflow-packages'],
  ['workflows', from('pg', 'Client'), 'workflow-packages'],
  ['temporal', value('api'), 'types-temporal'],
  ['api', value('connectors'), 'zone-api'],
  ['api', value('temporal'), 'api-temporal-client-only'],
  ['web', value('store'), 'types-web'],
  ['web', type('store'), 'types-web'],
  ['web', value('api'), 'zone-web'],
  ['simulators', value('domain'), 'zone-simulators'],
  ['simulators', type('connectors'), 'types-simulators'],
  ['store', from('no-such-package', 'x'), 'listed-packages'],
];

/** Rules that each file of the house breaks. */
const broken = new Map<string, string[]>();

beforeAll(() => {
  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), text);
  };
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    copyFileSync(join(root, file), join(house, file));
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
  for (const room of ROOMS)
    put(`${room}/thing.ts`, `export interface Thing { a: string }\nexport const thing: Thing = { a: '${room}' };\n`);
  put('temporal/client.ts', 'export const client = 1;\n');
  RIGHT.forEach(([room, text], index) => put(`${room}/right-${index}.ts`, text));
  put('api/create-deps.ts', `${value('activities')}export { thing as c } from '../connectors/thing';\n`);
  WRONG.forEach(([room, text], index) => put(`${room}/wrong-${index}.ts`, text));
  put('store/one.ts', `import { two } from './two';\nexport const one = (): number => two();\n`);
  put('store/two.ts', `import { one } from './one';\nexport const two = (): number => one();\n`);

  const cruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const out = execFileSync(
    process.execPath,
    [cruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...ROOMS],
    {
      cwd: house,
      maxBuffer: 1e8,
    },
  );
  const { summary } = JSON.parse(out.toString()) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  for (const { from: file, rule } of summary.violations) broken.set(file, [...(broken.get(file) ?? []), rule.name]);
});

it.each(RIGHT.map(([room, text], index) => [room, text.split('\n')[0], index] as const))(
  'passes in %s: %s',
  (room, _, index) => {
    expect(broken.get(`${room}/right-${index}.ts`)).toBeUndefined();
  },
);

it.each(WRONG.map(([room, text, rule], index) => [room, text.split('\n')[0], rule, index] as const))(
  'fails in %s: %s (%s)',
  (room, _, rule, index) => {
    expect(broken.get(`${room}/wrong-${index}.ts`)).toContain(rule);
  },
);

it('lets the one file that puts the API together build what is handed in', () => {
  expect(broken.get('api/create-deps.ts')).toBeUndefined();
});

it('fails on a cycle', () => {
  expect(broken.get('store/one.ts')).toEqual(['no-cycle']);
});
