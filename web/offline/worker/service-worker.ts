/**
 * Makes the picking screen open without the network: one copy of its page, and exactly the files that this copy names.
 * Everything else goes to the network as it is; nothing of the API is ever answered from here. One file, no imports.
 */
export {};

declare const self: ServiceWorkerGlobalScope;

const shellPath = '/picking';
const shellCache = 'nervio-shell';
const assetCache = 'nervio-assets';
/** A slow network is worth so much waiting when there is a copy. */
const patienceMs = 2_500;
const extras = ['/manifest.webmanifest', '/icons/icon.svg', '/icons/icon-192.png'];

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  if (event.data === 'keep-shell') event.waitUntil(refreshShell());
  if (event.data === 'drop-shell') event.waitUntil(caches.delete(shellCache));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(event, url));
  else if (url.pathname.startsWith('/assets/') || extras.includes(url.pathname)) event.respondWith(file(request));
});

/** Pages come from the network; the picking screen from the copy when the network is gone, mute or broken. */
async function page(event: FetchEvent, url: URL): Promise<Response> {
  const isShell = url.pathname === shellPath;
  const copy = await caches.match(shellPath, { cacheName: shellCache });
  const network = fetch(event.request).then((response) => {
    if (isShell && keepable(response)) event.waitUntil(keepShell(response.clone()));
    return response;
  });
  if (!copy) return network.catch(() => offlinePage(url, false));
  try {
    const response = await (isShell ? inTime(network, patienceMs) : network);
    return isShell && response.status >= 500 ? copy : response;
  } catch {
    // Whoever opens the app anywhere without the network can at least move pallets.
    if (isShell) return copy;
    return url.pathname === '/' || url.pathname === '/login' ? Response.redirect(shellPath) : offlinePage(url, true);
  }
}

/** Files have their content's hash in their name: a copy is as good as the original. */
async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: assetCache })) ?? fetch(request);
}

async function refreshShell(): Promise<void> {
  const response = await fetch(shellPath, { credentials: 'same-origin' });
  if (keepable(response)) await keepShell(response);
}

/** Not a redirect to the log-in, not an error. */
function keepable(response: Response): boolean {
  return (
    response.status === 200 &&
    !response.redirected &&
    (response.headers.get('content-type') ?? '').startsWith('text/html')
  );
}

/** The page is kept only after all that it needs is there, so that a copy is always whole; then what no page needs any more goes. */
async function keepShell(response: Response): Promise<void> {
  const html = await response.clone().text();
  const assets = await caches.open(assetCache);
  const needed = new Set([...filesIn(html), ...extras]);
  await Promise.all([...needed].map((path) => keepFile(assets, path)));
  const styles = [...needed].filter((path) => path.endsWith('.css'));
  for (const style of styles) {
    const css = await (await assets.match(style))?.text();
    for (const path of filesIn(css ?? '')) needed.add(path);
  }
  await Promise.all([...needed].map((path) => keepFile(assets, path)));
  await (await caches.open(shellCache)).put(shellPath, response);
  for (const kept of await assets.keys()) if (!needed.has(new URL(kept.url).pathname)) await assets.delete(kept);
}

function filesIn(text: string): string[] {
  return [...text.matchAll(/\/assets\/[\w.@~-]+\.(?:js|css|woff2|png|svg)/g)].map(([path]) => path);
}

async function keepFile(cache: Cache, path: string): Promise<void> {
  if (extras.includes(path) || !(await cache.match(path))) await cache.add(path);
}

function inTime(response: Promise<Response>, ms: number): Promise<Response> {
  return Promise.race([
    response,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('too slow')), ms)),
  ]);
}

/** For what does not work offline. Bilingual: the worker does not know who reads. `floor`: the picking screen is kept here. */
function offlinePage(url: URL, floor: boolean): Response {
  const body = `<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sin conexión · Nervio</title>
<style>body{font:18px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;background:#f3f5f6;color:#10191d}
main{max-width:26rem;padding:2rem;text-align:center}a{display:block;margin-top:1rem;padding:1rem;border-radius:12px;background:#0d717b;color:#fff;font-weight:700;text-decoration:none}
.again:not(:only-of-type){background:none;color:inherit;text-decoration:underline}@media(prefers-color-scheme:dark){body{background:#0c1214;color:#eef4f5}}</style>
<main><h1>Sin conexión</h1><p>Esta página necesita la red. Lo guardado en este equipo sigue guardado y se enviará solo.</p>
<p lang="en">You are offline. What is saved on this device stays saved and will be sent by itself.</p>
${floor ? `<a href="${shellPath}">Mover pallets · Move pallets</a>` : ''}<a class="again" href="${encodeURI(url.pathname + url.search)}">Reintentar · Retry</a></main></html>`;
  return new Response(body, {
    status: 503,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}
