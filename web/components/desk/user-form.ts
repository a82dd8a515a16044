import type { UserView } from '../../../api/users/schemas';
import type { Role } from '../../../domain/access';
import type { Problem } from './api';

/** What an administrator fills in for a person. */
export interface UserDraft {
  name: string;
  email: string;
  role: Exclude<Role, 'device'>;
  allSites: boolean;
  siteIds: string[];
  locale: 'es' | 'en';
  active: boolean;
  /** Empty = not changed. */
  password: string;
}

export type UserField = 'name' | 'email' | 'role' | 'sites' | 'active' | 'password';

/** Key of what is wrong beside each field: a word of admin.users, or a code of the error catalogue. */
export type UserErrors = Partial<Record<UserField, string>>;

export const personRoles = ['admin', 'manager', 'warehouse', 'cashier', 'finance', 'auditor'] as const;

export const newUser: UserDraft = {
  name: '',
  email: '',
  role: 'warehouse',
  allSites: true,
  siteIds: [],
  locale: 'es',
  active: true,
  password: '',
};

export function draftOf(user: UserView): UserDraft {
  const { name, email, role, allSites, siteIds, locale, active } = user;
  return { name, email, role: role === 'device' ? 'warehouse' : role, allSites, siteIds, locale, active, password: '' };
}

const email = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;
const shortest = 10;

/** What is wrong with a draft before it is sent; the server has the last word. */
export function checkUser(draft: UserDraft, isNew: boolean): UserErrors {
  const weak = draft.password === '' ? isNew : [...draft.password].length < shortest;
  return {
    ...(draft.name.trim() === '' && { name: 'missing_name' }),
    ...(isNew && !email.test(draft.email.trim()) && { email: 'bad_email' }),
    ...(!draft.allSites && draft.siteIds.length === 0 && { sites: 'missing_sites' }),
    ...(weak && { password: 'weak_password' }),
  };
}

const fieldOfCode: Readonly<Record<string, UserField>> = {
  email_taken: 'email',
  weak_password: 'password',
  unknown_site: 'sites',
  own_user: 'active',
  last_admin: 'role',
};

const fieldOfPath: Readonly<Record<string, UserField>> = {
  name: 'name',
  email: 'email',
  role: 'role',
  siteIds: 'sites',
  password: 'password',
};

/** Beside which field a refusal of the server belongs; none = it is about the whole. */
export function errorsOf(problem: Problem): UserErrors {
  const own = fieldOfCode[problem.code];
  if (own !== undefined) return { [own]: problem.code };
  const fields = (problem.fields ?? []).flatMap(({ path }) => fieldOfPath[path.split('/')[1] ?? ''] ?? []);
  return Object.fromEntries(fields.map((field) => [field, field === 'email' ? 'bad_email' : problem.code]));
}

/** Body of POST /users. */
export function creationOf(draft: UserDraft) {
  const { role, allSites, locale, password } = draft;
  return {
    email: draft.email.trim(),
    name: draft.name.trim(),
    role,
    allSites,
    siteIds: allSites ? [] : draft.siteIds,
    locale,
    password,
  };
}

/** Body of PATCH /users/:id: what differs, upon the version that was read. */
export function changeOf(draft: UserDraft, user: UserView) {
  const sites = draft.allSites !== user.allSites || (!draft.allSites && draft.siteIds.join() !== user.siteIds.join());
  return {
    version: user.version,
    ...(draft.name.trim() !== user.name && { name: draft.name.trim() }),
    ...(draft.role !== user.role && { role: draft.role }),
    ...(sites && { allSites: draft.allSites, siteIds: draft.allSites ? [] : draft.siteIds }),
    ...(draft.locale !== user.locale && { locale: draft.locale }),
    ...(draft.active !== user.active && { active: draft.active }),
    ...(draft.password !== '' && { password: draft.password }),
  };
}

// Nothing that looks like something else when it is read out or written down.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password to hand over: four groups of four, some 79 bits. */
export function makePassword(random: (values: Uint32Array) => Uint32Array): string {
  const picked = [...random(new Uint32Array(16))].map((value) => letters[value % letters.length]);
  return [0, 4, 8, 12].map((at) => picked.slice(at, at + 4).join('')).join('-');
}
