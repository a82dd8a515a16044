import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';
import { serviceWorker } from './offline/service-worker.vite';

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}

/** Built from the project's root: `remix vite:build --config web/vite.config.ts` → dist/web/{client,server}. */
export default defineConfig({
  publicDir: 'web/public',
  server: { port: 5173 },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0 },
  plugins: [
    remix({
      appDirectory: 'web',
      buildDirectory: 'dist/web',
      serverModuleFormat: 'cjs',
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_routeConfig: true,
        v3_singleFetch: true,
        v3_lazyRouteDiscovery: true,
      },
    }),
    serviceWorker({ source: 'web/offline/worker/service-worker.ts', fileName: 'sw.js' }),
  ],
});
