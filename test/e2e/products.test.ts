import type { Page } from 'playwright-core';
import {
  type BrowserApp,
  type Device,
  desktop,
  logIn,
  open,
  phone,
  scanCodes,
  startBrowserApp,
} from '../support/browser';
import { tinyPng } from '../support/catalogue';
import { violations } from './a11y';

let app: BrowserApp;
let desk: Device;
let page: Page;

const manager = () => app.flow.business.users.manager;
const site = () => app.flow.business.sites[1];

beforeAll(async () => {
  app = await startBrowserApp();
});
afterAll(() => app?.close());

beforeEach(async () => {
  desk = await app.device({ viewport: desktop, reducedMotion: 'reduce' });
  page = desk.page;
  await logIn(page, manager());
});
afterEach(() => app.closeDevices());

const row = (sku: string) => page.getByRole('row').filter({ hasText: sku });

/** Uploads a file of products and goes to its preview. */
async function upload(name: string, lines: string[]): Promise<string> {
  await open(page, '/imports');
  const buffer = Buffer.from(lines.join('\r\n'), 'latin1');
  await page.getByLabel('Elegir archivo').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await page.getByRole('heading', { name, exact: true }).waitFor();
  return new URL(page.url()).pathname;
}

it('a file of products is looked through line by line, applied, and undone', async () => {
  const path = await upload('tetería.csv', [
    'SKU;Nombre;Precio;Estante',
    'TE-1;Tetera de niño;12.990;A1',
    'TE-2;Taza;caro;A2',
  ]);
  await page.getByText('Revise lo que haría. Nada ha cambiado todavía.').waitFor();
  await page.getByText('Esta columna no se conoce y no se lee: Estante.').waitFor();
  await row('TE-2').getByText('No es un precio, como 12990 o 12.990.').waitFor();
  expect(await row('TE-1').count()).toBe(0);
  await page.getByText('Todas', { exact: true }).click();
  await row('TE-1').getByText('Tetera de niño').waitFor();

  await page.getByRole('button', { name: 'Aplicar 1 línea' }).click();
  await page.getByText('Aplicada: 1 línea.').waitFor();
  await open(page, '/products?q=TE-1');
  await row('TE-1').getByText('$12.990').waitFor();

  await open(page, path);
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await page.getByText('Deshecha: lo que cambió está como antes.').waitFor();
  await open(page, '/products?q=TE-1');
  await page.getByText('Ningún producto cumple estos filtros').waitFor();
});

it('a file whose work has stopped says so and how far it came, and goes on when a person retries it', async () => {
  const refuse = `ALTER TABLE variant ADD CONSTRAINT test_refuses CHECK (sku <> 'PARA-2') NOT VALID`;
  await app.flow.database.query(refuse);
  const path = await upload('platos.csv', ['SKU;Nombre;Precio', 'PARA-1;Plato;3.490', 'PARA-2;Fuente;5.990']);
  await page.getByRole('button', { name: 'Aplicar 2 líneas' }).click();
  await page.getByText('Se detuvo: hay 0 de 2 líneas aplicadas.').waitFor();
  expect(await page.getByText('Aplicando').count()).toBe(0);
  await open(page, '/imports');
  await row('platos.csv').getByText('Requiere atención').waitFor();

  await app.flow.database.query('ALTER TABLE variant DROP CONSTRAINT test_refuses');
  await open(page, path);
  await page.getByRole('button', { name: 'Reintentar' }).click();
  await page.getByText('Aplicada: 2 líneas.').waitFor();
});

it('a file that is none is refused in a sentence', async () => {
  await open(page, '/imports');
  const file = { name: 'foto.csv', mimeType: 'text/csv', buffer: tinyPng };
  await page.getByLabel('Elegir archivo').setInputFiles(file);
  await page.getByRole('alert').waitFor();
  expect(new URL(page.url()).pathname).toBe('/imports');
});

it('a product is created with its sizes, priced for a site, and found', async () => {
  await open(page, '/products/new');
  await page.getByRole('button', { name: 'Crear producto' }).click();
  await page.getByText('Falta este dato.').first().waitFor();
  await page.getByLabel('Nombre').fill('Polera de lino');
  for (const size of ['Chica', 'Grande']) {
    await page.getByLabel('Otra talla').fill(size);
    await page.getByLabel('Otra talla').press('Enter');
    await page.getByRole('checkbox', { name: size }).and(page.locator(':checked')).waitFor({ state: 'attached' });
  }
  await page.getByRole('textbox', { name: 'SKU', exact: true }).fill('LINO');
  await page.getByLabel('Precio con IVA').first().fill('12.990');
  await page.getByLabel('Código de barras: Grande').fill('7804520000099');
  await page.getByRole('button', { name: 'Crear producto' }).click();
  await page.getByText('Producto creado.').first().waitFor();
  await page.getByRole('heading', { name: 'Polera de lino', exact: true }).waitFor();
  await page.getByRole('row').filter({ hasText: 'LINO-GRA' }).getByText('7804520000099').waitFor();

  await page.getByLabel('Subir imagen').setInputFiles({ name: 'lino.png', mimeType: 'image/png', buffer: tinyPng });
  await page.getByRole('img', { name: 'Imagen 1 de Polera de lino' }).waitFor();

  await open(page, `/prices?siteId=${site().id}&q=LINO-CHI`);
  await page.getByLabel('Precio de LINO-CHI').fill('gratis');
  await page.getByText('Hay 1 que no es un precio.').waitFor();
  await page.getByLabel('Precio de LINO-CHI').fill('$ 11.490');
  await page.getByRole('button', { name: 'Guardar precios' }).click();
  await page.getByText('1 precio guardado.').first().waitFor();

  await open(page, '/products');
  await page.getByLabel('Buscar por nombre, SKU o código').fill('polera lin');
  await page.waitForURL((url) => url.searchParams.get('q') === 'polera lin');
  await row('LINO-CHI').getByText('$12.990').waitFor();
  await page.getByLabel('Local').selectOption(site().id);
  await row('LINO-CHI').getByText('$11.490').waitFor();
  await row('LINO-GRA').getByText('$12.990').waitFor();
  await scanCodes(page, ['7804520000099']);
  await page.getByRole('heading', { name: 'Polera de lino', exact: true }).waitFor();
});

it('who was overtaken is told, and loses nothing of what they wrote', async () => {
  await upload('uno.csv', ['SKU;Nombre;Precio', 'UNO;Uno;100']);
  await page.getByRole('button', { name: 'Aplicar 1 línea' }).click();
  await page.getByText('Aplicada: 1 línea.').waitFor();
  await open(page, '/products?q=UNO');
  await page.getByRole('link', { name: 'Ver Uno, UNO' }).click();
  await page.getByRole('button', { name: 'Editar', exact: true }).click();
  await page.getByLabel('Descripción').fill('Lo mío');
  await app.flow.database.query(`UPDATE product SET name = 'Uno de ellos', version = version + 1 WHERE name = 'Uno'`);
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByText('Nombre: ahora es «Uno de ellos»').waitFor();
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByText('Cambios guardados.').first().waitFor();
  // The panel names the product too until it has gone.
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Uno de ellos', exact: true }).waitFor();
  await page.getByText('Lo mío').waitFor();
});

it('prices go from one site to another, and one sees it happen', async () => {
  const [from, to] = app.flow.business.sites;
  await upload('copia.csv', ['SKU;Nombre;Precio', 'COPIA;Copia;1000']);
  await page.getByRole('button', { name: 'Aplicar 1 línea' }).click();
  await page.getByText('Aplicada: 1 línea.').waitFor();
  await open(page, `/prices?siteId=${from.id}&q=COPIA`);
  await page.getByLabel('Precio de COPIA').fill('900');
  await page.getByRole('button', { name: 'Guardar precios' }).click();
  await page.getByText('1 precio guardado.').first().waitFor();
  await page.getByRole('button', { name: 'Copiar a otros locales' }).click();
  await page.getByRole('checkbox', { name: to.name }).check();
  await page.getByRole('button', { name: 'Copiar precios' }).click();
  const syncs = page.getByRole('region', { name: 'Copias de precios' });
  await syncs.getByText('Sincronizado', { exact: true }).waitFor();
  // Asked of the other site alone: this one's price is the same.
  await open(page, `/prices?siteId=${to.id}&q=COPIA`);
  expect(await page.getByLabel('Precio de COPIA').inputValue()).toBe('900');
});

/** As a screen sends it, by the person who is logged in there. */
function post(of: Page, path: string, type: string, body: string): Promise<{ id: string; variants: { id: string }[] }> {
  const init = JSON.stringify({ method: 'POST', headers: { 'content-type': type }, body });
  return of.evaluate(`(() => {
    const init = ${init};
    init.headers['idempotency-key'] = crypto.randomUUID();
    return fetch('/api/v1${path}', init).then((answer) => answer.json());
  })()`);
}

describe('nothing stands in anybody’s way', () => {
  it.each([
    ['light', 'desk', desktop],
    ['dark', 'phone', phone],
  ] as const)('%s, %s', async (colorScheme, name, viewport) => {
    const own = await app.device({ viewport, colorScheme, reducedMotion: 'reduce' });
    await logIn(own.page, manager());
    const sku = `AXE-${name}`;
    const product = { name: `Vaso ${sku}`, variants: [{ sku, price: 1000, codes: [{ code: `C-${sku}` }] }] };
    const { id, variants } = await post(own.page, '/products', 'application/json', JSON.stringify(product));
    const lines = `sku;nombre;precio;otra\n${sku};;2000;\nMAL;Malo;caro;\n`;
    const file = await post(own.page, '/imports?fileName=a.csv', 'application/octet-stream', lines);
    const variant = `variant=${variants[0]!.id}`;
    const said: [string, string[]][] = [];
    for (const path of [
      '/products',
      '/products/new',
      `/products/${id}?form=product`,
      `/products/${id}?form=variant&${variant}`,
      `/products/${id}?form=prices&${variant}`,
      `/prices?siteId=${site().id}`,
      '/imports',
      `/imports/${file.id}?lines=all`,
    ]) {
      await open(own.page, path);
      if (path.includes('form=')) await own.page.getByRole('dialog').waitFor();
      said.push([path, await violations(own.page)]);
    }
    expect(said.filter(([, found]) => found.length > 0)).toEqual([]);
  });
});
