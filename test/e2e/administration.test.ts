import type { Page } from 'playwright-core';
import { type BrowserApp, desktop, logIn, open } from '../support/browser';
import { operationsDesk } from './operations-desk';

let app: BrowserApp;
let page: Page;

const desk = operationsDesk();
const { manager, somePallet } = desk;
beforeEach(() => {
  ({ app, page } = desk);
});

describe('the system', () => {
  it('shows by itself that Odoo is gone, what to do, and that it is back', async () => {
    await app.flow.watch();
    await open(page, '/status');
    const connection = page.getByRole('region', { name: 'Conexiones' });
    await connection.getByText('Funciona', { exact: true }).waitFor();
    app.flow.odoo.control({ mode: 'down' });
    await app.flow.watch();
    await connection.getByText('No responde', { exact: true }).waitFor();
    await connection.getByText('Lo que se mueva queda guardado y se envía solo cuando vuelva.').waitFor();
    app.flow.odoo.control({ mode: 'ok' });
    await app.flow.watch();
    await connection.getByText('Funciona', { exact: true }).waitFor();
  });

  it('says when the server does not answer, instead of showing old numbers as new', async () => {
    await open(page, '/status');
    await page.getByRole('heading', { name: 'Estado del sistema' }).waitFor();
    await page.route('**/api/v1/status', (route) => route.abort());
    await page.getByText('Sin respuesta del servidor.').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByText('Sin respuesta del servidor.').waitFor({ state: 'detached' });
  });
});

describe('the administrator', () => {
  let admin: Page;
  beforeEach(async () => {
    const device = await app.device({ viewport: desktop, reducedMotion: 'reduce' });
    admin = device.page;
    await logIn(admin, app.flow.business.users.admin);
  });

  it('creates a user, told beside the field what is wrong, who can then log in', async () => {
    await open(admin, '/users');
    await admin.getByRole('button', { name: 'Crear usuario' }).click();
    const form = admin.getByRole('dialog', { name: 'Crear usuario' });
    await form.getByRole('button', { name: 'Crear usuario' }).click();
    await form.getByText('Escriba el nombre.').waitFor();
    await form.getByText('Escriba un correo válido').waitFor();
    await form.getByLabel('Nombre').fill('Nueva Persona');
    await form.getByText('Escriba el nombre.').waitFor({ state: 'detached' });
    await form.getByLabel('Correo electrónico').fill(manager().email);
    await form.getByLabel('Contraseña').fill('una-clave-larga-2026');
    await form.getByRole('button', { name: 'Crear usuario' }).click();
    await form.getByText('Ese correo ya tiene un usuario.').waitFor();
    expect(await form.getByLabel('Correo electrónico').getAttribute('aria-invalid')).toBe('true');
    await form.getByLabel('Correo electrónico').fill('nueva@demo.test');
    await form.getByRole('button', { name: 'Crear usuario' }).click();
    await admin.getByRole('button', { name: 'Editar a Nueva Persona' }).waitFor();

    const theirs = await app.device();
    await logIn(theirs.page, { email: 'nueva@demo.test' }, 'una-clave-larga-2026');
    expect(new URL(theirs.page.url()).pathname).toBe('/picking');
  });

  it('takes access away and cannot lock themselves out', async () => {
    const { finance, admin: me } = app.flow.business.users;
    await open(admin, `/users?edit=${finance.id}`);
    const form = admin.getByRole('dialog');
    await form.getByLabel('Puede entrar').click();
    await form.getByRole('button', { name: 'Guardar cambios' }).click();
    await admin.getByText('Sin acceso').waitFor();
    await open(admin, `/users?edit=${me.id}`);
    await form.getByLabel('Puede entrar').click();
    await form.getByRole('button', { name: 'Guardar cambios' }).click();
    await form.getByText('No puede quitarse a sí mismo el acceso.').waitFor();
    await app.flow.database.query('UPDATE app_user SET active = true WHERE id = $1', [finance.id]);
  });

  it('tests a connection and reads the answer in words', async () => {
    await open(admin, '/connections');
    await admin.getByRole('button', { name: 'Probar conexión' }).click();
    await admin.getByText(/^Odoo respondió: versión 18/).waitFor();
    await admin.getByRole('button', { name: 'Editar' }).click();
    const form = admin.getByRole('dialog');
    await form.getByLabel('Clave de API o contraseña').fill('no-es-la-clave');
    await form.getByRole('button', { name: 'Probar conexión' }).click();
    await form.getByText(/^No funciona: Odoo no acepta la clave/).waitFor();
    await form.getByLabel('Dirección').fill('odoo');
    await form.getByRole('button', { name: 'Guardar cambios' }).click();
    const wrong = form.getByText('Escriba una dirección que comience con http:// o https://');
    await wrong.waitFor();
    await form.getByRole('textbox', { name: 'Dirección' }).fill('https://odoo.example.com');
    await wrong.waitFor({ state: 'detached' });
  });

  it('finds in the audit who moved a pallet, from where to where, and whether Odoo has it', async () => {
    const { code, chamber } = somePallet();
    await app.flow.until(await app.flow.move([{ code }], chamber), 'synced');
    await open(admin, '/audit');
    await admin.getByLabel('Código del pallet').fill(code);
    await admin.getByLabel('Código del pallet').press('Enter');
    await admin.waitForURL((url) => url.searchParams.get('pallet') === code);
    const entry = admin.getByRole('row').filter({ hasText: code });
    await entry.getByText('Movió el pallet').waitFor();
    await entry.getByText('Con éxito').waitFor();
    await entry.getByText('En Odoo').waitFor();
  });
});
