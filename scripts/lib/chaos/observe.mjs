/** What the database and Odoo hold. */

/** @typedef {{pickings: (import('./check.mjs').Picking & {db: string})[], databases: Record<string, {packages: Record<string, string | null>}>}} OdooState */

const OPEN = ['pending', 'syncing', 'waiting', 'compensating'];

/** @param {import('./stack.mjs').Stack} stack @returns {Promise<OdooState>} */
async function odooState(stack) {
  const answer = await fetch(`${stack.odooUrl}/_state`, { signal: AbortSignal.timeout(10_000) });
  return /** @type {OdooState} */ (await answer.json());
}

/** @param {import('./stack.mjs').Stack} stack */
export async function placesIn(stack) {
  return (await odooState(stack)).databases.demo?.packages ?? {};
}

/** Open operations and rows of the outbox; undefined while PostgreSQL does not answer. @param {import('./stack.mjs').Stack} stack */
export async function unrest(stack) {
  try {
    const { rows } = await stack.pool.query(
      `SELECT (SELECT count(*) FROM operation WHERE state = ANY($1))::int + (SELECT count(*) FROM outbox)::int AS open`,
      [OPEN],
    );
    return Number(rows[0].open);
  } catch {
    return undefined; // It is being started.
  }
}

/** Everything that the other business has, but for what its own watcher writes. @param {import('./stack.mjs').Stack} stack */
export async function otherBusiness(stack) {
  const { rows } = await stack.pool.query(
    `SELECT (SELECT count(*) FROM operation o WHERE o.tenant_id = t.id)::int AS operations,
       (SELECT count(*) FROM operation_event o WHERE o.tenant_id = t.id)::int AS events,
       (SELECT count(*) FROM outbox o WHERE o.tenant_id = t.id)::int AS outbox,
       (SELECT count(*) FROM idempotency_key o WHERE o.tenant_id = t.id)::int AS keys,
       (SELECT count(*) FROM audit o WHERE o.tenant_id = t.id)::int AS audits,
       (SELECT md5(string_agg(code || coalesce(location_id::text, ''), ',' ORDER BY code)) FROM pallet o WHERE o.tenant_id = t.id) AS pallets,
       (SELECT md5(string_agg(name || coalesce(barcode, ''), ',' ORDER BY name)) FROM location o WHERE o.tenant_id = t.id) AS locations
     FROM tenant t WHERE t.slug = 'otra'`,
  );
  const { pickings, databases } = await odooState(stack);
  const theirs = { places: databases.otra?.packages, pickings: pickings.filter(({ db }) => db === 'otra') };
  return JSON.stringify([rows, theirs]);
}

/**
 * @param {import('./stack.mjs').Stack} stack @param {import('./load.mjs').Load} load
 * @param {{before: Record<string, string | null>, otherBefore: string}} first
 * @returns {Promise<import('./check.mjs').Snapshot>}
 */
export async function observe(stack, load, first) {
  const { rows } = await stack.pool.query(
    `SELECT o.id, o.number::int AS number, o.state, o.outside, o.error ->> 'code' AS error, l.barcode AS destination,
       array(SELECT code FROM pallet_move_line x WHERE x.tenant_id = o.tenant_id AND x.operation_id = o.id ORDER BY code) AS pallets
     FROM operation o JOIN tenant t ON t.id = o.tenant_id AND t.slug = 'demo'
     JOIN pallet_move m ON m.tenant_id = o.tenant_id AND m.operation_id = o.id
     JOIN location l ON l.tenant_id = o.tenant_id AND l.id = m.destination_id ORDER BY o.number`,
  );
  const { pickings, databases } = await odooState(stack);
  return {
    acked: load.acked,
    operations: rows,
    pickings: pickings.filter(({ db }) => db === 'demo'),
    places: databases.demo?.packages ?? {},
    before: first.before,
    outbox: (await stack.pool.query('SELECT count(*)::int AS rows FROM outbox')).rows[0].rows,
    deadlocks: (await stack.pool.query('SELECT sum(deadlocks)::int AS sum FROM pg_stat_database')).rows[0].sum,
    other: await otherBusiness(stack),
    otherBefore: first.otherBefore,
  };
}
