import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

export default defineConfig({
  main: {
    build: {
      // Read at every start: as parts of our own files they are there in half the time of hundreds of small ones.
      externalizeDeps: { exclude: ['commander', 'electron-updater', 'jose', 'openid-client', 'ws', 'zod'] },
      rollupOptions: {
        input: { index: resolve('src/main/index.ts'), cli: resolve('src/cli/index.ts') },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed window cannot load an ES module or require anything: one CommonJS file, all inside.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', inlineDynamicImports: true },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      // One file: it comes from this computer, and all languages of the catalogue are in it.
      chunkSizeWarningLimit: 1000,
      // Half as much to read before the first screen is there.
      minify: true,
      rollupOptions: {
        // The page finds `window.limpid` made by preload in Electron, by this script in a browser (the panel adds its tag).
        input: { index: resolve('src/renderer/index.html'), 'panel-bridge': resolve('src/panel-bridge/index.ts') },
        output: {
          entryFileNames: ({ name }) => (name === 'panel-bridge' ? '[name].js' : 'assets/[name]-[hash].js'),
        },
      },
    },
    plugins: [react()],
  },
});
