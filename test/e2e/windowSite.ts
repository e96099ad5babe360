import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { securityHeaders } from '../../src/main/host/csp.js';
import { readRendererFile } from '../../src/main/host/rendererFiles.js';
import { buildWindow } from './buildWindow.js';

export interface WindowSite {
  url: string;
  close(): Promise<void>;
}

/** Serves the built renderer, without a main behind it, under the strict policy it has in Electron. */
export async function openWindowSite(): Promise<WindowSite> {
  const window = await buildWindow();
  const server = createServer((request, response) => {
    void readRendererFile(window.root, new URL(request.url ?? '/', 'http://localhost').pathname).then((file) => {
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
      await window.remove();
    },
  };
}
