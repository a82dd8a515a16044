import { v7 as uuidv7 } from 'uuid';
import { type Actor, seesSite } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import {
  type Colour,
  copyAllowNegative,
  findSite,
  insertColour,
  insertLocation,
  insertSite,
  insertSize,
  isSiteNameTaken,
  type Size,
  type SiteLocation,
  type SiteRecord,
  updateSite as updateRecord,
} from '../../store/sites';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { firstTimeZone, setupOf } from './queries';
import type { NewColour, NewLocation, NewSite, NewSize, SiteChange, SiteSetup } from './schemas';

/**
 * TEN-01: a site with its default location, sizes and colours, in one transaction.
 * @throws NervioError site_name_taken, unknown_time_zone
 */
export async function createSite(
  deps: ApiDeps,
  actor: Actor,
  input: NewSite,
  key: string,
): Promise<CommandResult<SiteSetup>> {
  const command = {
    actor,
    permission: 'sites.write',
    key,
    method: 'POST',
    path: '/api/v1/sites',
    body: input,
  } as const;
  return runCommand(deps, command, async (tx) => {
    const timeZone = input.timeZone ?? firstTimeZone;
    if (!isTimeZone(timeZone)) throw new NervioError('unknown_time_zone', { timeZone });
    const id = uuidv7();
    const site = {
      id,
      name: input.name.trim(),
      kind: input.kind,
      address: input.address?.trim() ?? null,
      timeZone,
      allowNegative: input.allowNegative ?? false,
    };
    if (!(await insertSite(tx, site))) throw new NervioError('site_name_taken');
    const made = await foundSite(tx, actor, id, false, false);
    await audit(tx, actor, { action: 'site.created', entityType: 'site', entityId: id, after: tracked(made) });
    return { status: 201, body: await setupOf(tx, made) };
  });
}

/**
 * Changes what is given, upon `version`.
 * @throws NervioError not_found, version_conflict, site_name_taken, stock_below_zero
 */
export async function updateSite(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: SiteChange,
  key: string,
): Promise<CommandResult<SiteSetup>> {
  const path = `/api/v1/sites/${id}`;
  const command = { actor, permission: 'sites.write', key, method: 'PATCH', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    const before = await foundSite(tx, actor, id, true);
    if (before.version !== input.version) throw new NervioError('version_conflict', { version: before.version });
    const after: SiteRecord = {
      ...before,
      name: input.name?.trim() ?? before.name,
      address: input.address === undefined ? before.address : (input.address?.trim() ?? null),
      allowNegative: input.allowNegative ?? before.allowNegative,
    };
    if (await isSiteNameTaken(tx, after.name, id)) throw new NervioError('site_name_taken');
    await updateRecord(tx, after);
    if (after.allowNegative !== before.allowNegative) {
      const short = await copyAllowNegative(tx, id, after.allowNegative);
      if (short > 0) throw new NervioError('stock_below_zero', { levels: short });
    }
    const changed = await foundSite(tx, actor, id);
    await audit(tx, actor, {
      action: 'site.changed',
      entityType: 'site',
      entityId: id,
      before: tracked(before),
      after: tracked(changed),
    });
    return { status: 200, body: await setupOf(tx, changed) };
  });
}

/** @throws NervioError not_found, location_name_taken */
export async function createSiteLocation(
  deps: ApiDeps,
  actor: Actor,
  siteId: string,
  input: NewLocation,
  key: string,
): Promise<CommandResult<SiteLocation>> {
  const path = `/api/v1/sites/${siteId}/locations`;
  const command = { actor, permission: 'sites.write', key, method: 'POST', path, body: input } as const;
  return runCommand(deps, command, async (tx) => {
    await foundSite(tx, actor, siteId);
    const location = { id: uuidv7(), siteId, name: input.name.trim() };
    if (!(await insertLocation(tx, location))) throw new NervioError('location_name_taken');
    await audit(tx, actor, {
      action: 'site.location_added',
      entityType: 'site',
      entityId: siteId,
      after: { name: location.name },
    });
    return { status: 201, body: { id: location.id, name: location.name, active: true, isDefault: false } };
  });
}

/** @throws NervioError size_taken */
export async function createSize(
  deps: ApiDeps,
  actor: Actor,
  input: NewSize,
  key: string,
): Promise<CommandResult<Size>> {
  const command = {
    actor,
    permission: 'products.write',
    key,
    method: 'POST',
    path: '/api/v1/sizes',
    body: input,
  } as const;
  return runCommand(deps, command, async (tx) => {
    const size = { id: uuidv7(), name: input.name.trim() };
    if (!(await insertSize(tx, size))) throw new NervioError('size_taken');
    await audit(tx, actor, { action: 'size.created', entityType: 'size', entityId: size.id, after: size });
    return { status: 201, body: size };
  });
}

/** @throws NervioError colour_taken */
export async function createColour(
  deps: ApiDeps,
  actor: Actor,
  input: NewColour,
  key: string,
): Promise<CommandResult<Colour>> {
  const command = {
    actor,
    permission: 'products.write',
    key,
    method: 'POST',
    path: '/api/v1/colors',
    body: input,
  } as const;
  return runCommand(deps, command, async (tx) => {
    const colour = { id: uuidv7(), name: input.name.trim(), hex: input.hex?.toLowerCase() ?? null };
    if (!(await insertColour(tx, colour))) throw new NervioError('colour_taken');
    await audit(tx, actor, { action: 'colour.created', entityType: 'colour', entityId: colour.id, after: colour });
    return { status: 201, body: colour };
  });
}

const tracked = ({ name, kind, address, timeZone, allowNegative, active }: SiteRecord) => ({
  name,
  kind,
  address,
  timeZone,
  allowNegative,
  active,
});

async function foundSite(tx: Tx, actor: Actor, id: string, lock = false, mustSee = true): Promise<SiteRecord> {
  const site = await findSite(tx, id, lock);
  // Who makes a site need not be one of those who see all.
  if (site === null || (mustSee && !seesSite(actor, id))) throw new NervioError('not_found');
  return site;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // RangeError is how Intl says no.
    return false;
  }
}
