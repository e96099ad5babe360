import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import config from '../../electron.vite.config.js';
import { securityHeaders } from '../../src/main/host/csp.js';
import { readRendererFile } from '../../src/main/host/rendererFiles.js';

export interface WindowSite {
  url: string;
  close(): Promise<void>;
}

/** Builds the renderer as it stands, with the app's own settings, and serves it under the app's own strict policy. */
export async function openWindowSite(): Promise<WindowSite> {
  const root = await mkdtemp(join(tmpdir(), 'limpid-window-'));
  const { renderer } = config;
  await build({
    root: resolve('src/renderer'),
    plugins: renderer?.plugins ?? [],
    base: './',
    configFile: false,
    logLevel: 'warn',
    build: { ...renderer?.build, outDir: root, emptyOutDir: true },
  });
  const server = createServer((request, response) => {
    void readRendererFile(root, new URL(request.url ?? '/', 'http://localhost').pathname).then((file) => {
      if (!file) return response.writeHead(404).end();
      return response
        .writeHead(200, { 'content-type': file.contentType, ...securityHeaders({ host: 'electron' }) })
        .end(file.body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(root, { recursive: true, force: true });
    },
  };
}
