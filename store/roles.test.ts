import { appDatabaseUrl, appRole } from './roles';

const secret = 'ab'.repeat(32);

describe('the role of the application', () => {
  it.each([
    ['postgres://owner:pw@db.example:5433/nervio?sslmode=require', 'nervio_app_nervio'],
    ['postgres://owner:pw@db.example/nervio_staging', 'nervio_app_nervio_staging'],
    // None named: PostgreSQL takes the user's.
    ['postgres://acme:pw@db.example', 'nervio_app_acme'],
  ])('of %s is %s', (url, role) => {
    expect(appRole(url)).toBe(role);
  });

  it('fits an identifier, whatever the database is called, and is another for another', () => {
    const names = ['Nervio Chile', 'nervio-chile', `${'n'.repeat(62)}a`, `${'n'.repeat(62)}b`];
    const roles = names.map((name) => appRole(`postgres://o:p@h/${encodeURIComponent(name)}`));
    expect(new Set(roles).size).toBe(names.length);
    for (const role of roles) expect(role).toMatch(/^nervio_app_[a-z0-9_]{1,52}$/);
  });

  it('changes nothing else of the address', () => {
    const url = new URL(appDatabaseUrl('postgres://owner:pw@db.example:5433/nervio?sslmode=require', secret));
    expect([url.host, url.pathname, url.search, url.username]).toEqual([
      'db.example:5433',
      '/nervio',
      '?sslmode=require',
      'nervio_app_nervio',
    ]);
    expect(new URL(appDatabaseUrl('postgres://acme:pw@db.example', secret)).pathname).toBe('/acme');
  });
});
