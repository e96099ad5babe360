import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** The token backend as one file with every package inside: what a container needs besides Node. */
export default defineConfig({
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: resolve('src/cli/backendServer.ts'),
    outDir: resolve('out/backend'),
    target: 'node20.19',
    rollupOptions: {
      output: { format: 'es', entryFileNames: 'limpid-backend.mjs', codeSplitting: false },
    },
  },
});
