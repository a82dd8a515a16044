import { createHmac } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { audit } from '../../store/audit';
import type { Tx } from '../../store/db';
import { revokeSessionsOfUser } from '../../store/sessions';
import { deriveKey } from '../../store/secrets';
import { findUser, insertUser, lockAdmins, updateUser as updateRecord, type UserRecord } from '../../store/users';
import { hashPassword, requireStrongPassword } from '../../store/passwords';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { viewOf } from './queries';
import type { NewUser, UserChange, UserView } from './schemas';

/** @throws NervioError weak_password, email_taken, unknown_site */
export async function createUser(
  deps: ApiDeps,
  actor: Actor,
  input: NewUser,
  key: string,
): Promise<CommandResult<UserView>> {
  const command = {
    actor,
    permission: 'users.write',
    key,
    method: 'POST',
    path: '/api/v1/users',
    body: hidden(deps, input),
  } as const;
  return runCommand(deps, command, async (tx) => {
    const email = input.email.trim().toLowerCase();
    const name = input.name.trim();
    requireStrongPassword(input.password, { email, name });
    const siteIds = sitesOf(input.allSites ?? true, input.siteIds ?? []);
    await requireSites(tx, siteIds);
    const id = uuidv7();
    const fresh = {
      id,
      email,
      name,
      role: input.role,
      siteIds,
      locale: input.locale ?? 'es',
      passwordHash: await hashPassword(input.password),
    };
    if (!(await insertUser(tx, fresh))) throw new NervioError('email_taken');
    const user = await found(tx, id);
    await audit(tx, actor, { action: 'user.created', entityType: 'user', entityId: id, after: tracked(user) });
    return { status: 201, body: viewOf(user) };
  });
}

/**
 * Changes what is given, upon `version`. A new password or a lost access ends the user's sessions.
 * @throws NervioError not_found, version_conflict, own_user, last_admin, weak_password, unknown_site
 */
export async function updateUser(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  input: UserChange,
  key: string,
): Promise<CommandResult<UserView>> {
  const path = `/api/v1/users/${id}`;
  const command = { actor, permission: 'users.write', key, method: 'PATCH', path, body: hidden(deps, input) } as const;
  const result = await runCommand(deps, command, async (tx) => {
    const admins = await lockAdmins(tx);
    const before = await found(tx, id, true);
    if (before.version !== input.version) throw new NervioError('version_conflict', { version: before.version });
    const after: UserRecord = {
      ...before,
      name: input.name?.trim() ?? before.name,
      role: input.role ?? before.role,
      locale: input.locale ?? before.locale,
      active: input.active ?? before.active,
      siteIds: sitesOf(
        input.allSites ?? (input.siteIds === undefined && before.siteIds === null),
        input.siteIds ?? before.siteIds ?? [],
      ),
    };
    const losesAdmin = after.role !== 'admin' || !after.active;
    if (id === actor.userId && losesAdmin) throw new NervioError('own_user');
    if (losesAdmin && admins.every((admin) => admin === id)) throw new NervioError('last_admin');
    await requireSites(tx, after.siteIds);
    if (input.password !== undefined) requireStrongPassword(input.password, after);
    await updateRecord(tx, after, input.password === undefined ? null : await hashPassword(input.password));
    if (!after.active) await revokeSessionsOfUser(tx, id, 'user_changed');
    else if (input.password !== undefined) await revokeSessionsOfUser(tx, id, 'password_changed', actor.sessionId);
    const user = await found(tx, id);
    await audit(tx, actor, {
      action: 'user.changed',
      entityType: 'user',
      entityId: id,
      before: tracked(before),
      after: { ...tracked(user), ...(input.password !== undefined && { passwordChanged: true }) },
    });
    return { status: 200, body: viewOf(user) };
  });
  deps.sessions.forgetUser(id);
  return result;
}

/** What the key's fingerprint is made of: of a password nothing may be stored that is fast to guess. */
const hidden = <T extends { password?: string }>(deps: ApiDeps, input: T): T =>
  input.password === undefined
    ? input
    : {
        ...input,
        password: createHmac('sha256', deriveKey(deps.config.secret, 'fingerprint'))
          .update(input.password)
          .digest('base64'),
      };

const sitesOf = (all: boolean, siteIds: string[]): string[] | null => (all ? null : [...siteIds].sort());

/** What the audit keeps of a user: everything that an administrator decides, and no secret. */
const tracked = ({ email, name, role, siteIds, locale, active }: UserRecord) => ({
  email,
  name,
  role,
  siteIds,
  locale,
  active,
});

async function found(tx: Tx, id: string, lock = false): Promise<UserRecord> {
  const user = await findUser(tx, id, lock);
  if (user === null) throw new NervioError('not_found');
  return user;
}

async function requireSites(tx: Tx, siteIds: string[] | null): Promise<void> {
  if (siteIds === null || siteIds.length === 0) return;
  const [row] = await tx.query<{ known: number }>(
    'SELECT count(*)::int AS known FROM site WHERE tenant_id = $1::uuid AND id = ANY ($2::uuid[])',
    [tx.tenantId, siteIds],
  );
  if (row?.known !== siteIds.length) throw new NervioError('unknown_site');
}
