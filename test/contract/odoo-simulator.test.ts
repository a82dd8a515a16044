import { startOdooSimulator } from '../../simulators/odoo/server';
import { ODOO_VERSIONS, type OdooVersion } from '../../simulators/odoo/versions';
import { BRIDGES } from './odoo-simulator/bridges';
import { NOT_REPLAYED, reasonAgainst } from './odoo-simulator/not-replayed';
import { type Answer, disagreement, paramsOf, type Recording, recordingsOf, send } from './odoo-simulator/replay';
import { otherDatabase, startState } from './odoo-simulator/start-state';
import { World } from './odoo-simulator/world';

/**
 * Replays what real Odoo servers answered against the simulator, in the order in which it was recorded: each call finds
 * what the calls before it have made. Answers must agree in XML types, members, values, fault codes and fault texts; ids
 * may differ and are mapped as they appear.
 */
describe.each(ODOO_VERSIONS)('the recordings of Odoo %i', (version) => {
  const recordings = recordingsOf(version);
  let world: World;

  beforeAll(async () => {
    const names = ['odoo16', 'odoo16_seed', 'odoo17', 'odoo17_seed', 'odoo18', 'odoo18_seed'];
    const listed = namesIn(recordings);
    const databases = { [`odoo${version}`]: startState(version) };
    for (const name of names) if (listed.has(name)) databases[name] ??= otherDatabase;
    world = new World(await startOdooSimulator({ port: 0, delays: 'off', databases }), version);
  });
  afterAll(() => world.simulator.close());

  test('are all either replayed or named with a reason', () => {
    const unaccounted = recordings.filter((one) => (one.request === undefined) !== (reasonAgainst(one.name) !== null));
    expect(unaccounted.map((one) => one.file)).toEqual([]);
  });

  test('need every bridge and every reason that is listed', () => {
    const unused = NOT_REPLAYED.filter((entry) => !recordings.some((one) => entry.names.test(one.name)));
    expect(unused).toEqual([]);
  });

  test.each(groups(recordings))('%s', async (_name, group) => {
    const [first] = group as [Recording];
    world.upcoming = paramsOf(first);
    await BRIDGES[first.name]?.(world);
    const answers = await Promise.all(group.map((recording) => send(world, recording)));
    expect(bestPairing(world, group, answers)).toEqual([]);
  });
});

test('every bridge leads to a recording', () => {
  const names = new Set(ODOO_VERSIONS.flatMap((version: OdooVersion) => recordingsOf(version).map((one) => one.name)));
  expect(Object.keys(BRIDGES).filter((name) => !names.has(name))).toEqual([]);
});

/** Recordings one by one; those of two clients at the same moment together. */
function groups(recordings: Recording[]): [string, Recording[]][] {
  const result: [string, Recording[]][] = [];
  for (const recording of recordings.filter((one) => reasonAgainst(one.name) === null)) {
    const last = result[result.length - 1];
    const together = recording.name.startsWith('conc-') && last?.[1][0]?.name === recording.name;
    if (together) last[1].push(recording);
    else result.push([recording.file, [recording]]);
  }
  return result;
}

/** What disagrees. Of two calls at the same moment either may be the one that wins. */
function bestPairing(world: World, group: Recording[], answers: Answer[]): string[] {
  const check = (order: Answer[]): string[] =>
    group.flatMap((recording, index) => disagreement(world, recording, order[index] as Answer) ?? []);
  const straight = check(answers);
  if (straight.length === 0 || group.length === 1) return straight;
  return check([...answers].reverse());
}

function namesIn(recordings: Recording[]): Set<string> {
  const list = recordings.find((one) => one.name === 'db-list')?.response ?? '';
  return new Set([...list.matchAll(/<string>([^<]*)<\/string>/g)].map((match) => match[1] as string));
}
