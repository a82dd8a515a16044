import type { UserView } from '../../../api/users/schemas';
import { changeOf, checkUser, creationOf, draftOf, errorsOf, makePassword, newUser } from './user-form';

const user: UserView = {
  id: '01990000-0000-7000-8000-000000000001',
  email: 'ana@demo.test',
  name: 'Ana',
  role: 'warehouse',
  allSites: false,
  siteIds: ['s1'],
  locale: 'es',
  active: true,
  version: 7,
  createdAt: '2026-11-22T10:00:00.000Z',
  lastLoginAt: null,
};

describe('a user being written', () => {
  it('says what is missing, beside its field', () => {
    expect(checkUser({ ...newUser, allSites: false }, true)).toEqual({
      name: 'missing_name',
      email: 'bad_email',
      sites: 'missing_sites',
      password: 'weak_password',
    });
  });

  it('needs no new password when it exists already', () => {
    expect(checkUser(draftOf(user), false)).toEqual({});
    expect(checkUser({ ...draftOf(user), password: 'corta' }, false)).toEqual({ password: 'weak_password' });
  });

  it('sends what differs, upon the version that was read', () => {
    expect(changeOf(draftOf(user), user)).toEqual({ version: 7 });
    expect(changeOf({ ...draftOf(user), name: ' Ana María ', active: false }, user)).toEqual({
      version: 7,
      name: 'Ana María',
      active: false,
    });
  });

  it('for all sites names none', () => {
    expect(changeOf({ ...draftOf(user), allSites: true }, user)).toEqual({ version: 7, allSites: true, siteIds: [] });
    expect(creationOf({ ...newUser, siteIds: ['s1'] })).toMatchObject({ allSites: true, siteIds: [] });
  });
});

describe('a refusal of the server', () => {
  it.each([
    [{ code: 'email_taken' }, { email: 'email_taken' }],
    [{ code: 'weak_password' }, { password: 'weak_password' }],
    [{ code: 'last_admin' }, { role: 'last_admin' }],
    [
      { code: 'malformed', fields: [{ path: 'body/email', message: 'must match format "email"' }] },
      { email: 'bad_email' },
    ],
    [{ code: 'version_conflict' }, {}],
  ])('%j stands beside its field', (problem, errors) => {
    expect(errorsOf(problem)).toEqual(errors);
  });
});

describe('a password to hand over', () => {
  it('is long enough and has nothing to be misread', () => {
    const password = makePassword((values) => crypto.getRandomValues(values));
    expect(password).toMatch(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}$/);
  });
});
