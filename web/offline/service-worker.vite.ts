import { readFile } from 'node:fs/promises';
import { type Plugin, transformWithEsbuild } from 'vite';

/** Emits the service worker (one file without imports) at the root of the client build, where its scope is the whole app. */
export function serviceWorker(options: { source: string; fileName: string }): Plugin {
  return {
    name: 'nervio-service-worker',
    apply: 'build',
    async generateBundle() {
      if (this.environment.config.consumer !== 'client') return;
      const source = await readFile(options.source, 'utf8');
      const { code } = await transformWithEsbuild(source, options.source, {
        target: 'es2022',
        minify: true,
        format: 'iife',
        sourcemap: false,
        tsconfigRaw: {},
      });
      this.emitFile({ type: 'asset', fileName: options.fileName, source: code });
    },
  };
}
