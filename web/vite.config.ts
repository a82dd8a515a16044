import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';
import { serviceWorker } from './offline/service-worker.vite';

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}

/** Built from the project's root by scripts/build.mjs, which says into which folder: {client,server} below it. */
export default defineConfig({
  publicDir: 'web/public',
  server: { port: 5173 },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0 },
  plugins: [
    remix({
      appDirectory: 'web',
      buildDirectory: process.env.NERVIO_WEB_BUILD ?? 'dist/web',
      serverModuleFormat: 'cjs',
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_routeConfig: true,
        v3_singleFetch: true,
        // Every route is known from the start: a press without the network meets its own screen, not a failed discovery.
        v3_lazyRouteDiscovery: false,
      },
    }),
    serviceWorker({ source: 'web/offline/worker/service-worker.ts', fileName: 'sw.js' }),
  ],
});
