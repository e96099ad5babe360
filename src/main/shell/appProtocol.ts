import type { Protocol } from 'electron';
import { securityHeaders } from '../host/csp.js';
import { readRendererFile } from '../host/rendererFiles.js';

const scheme = 'app';
const host = 'limpid';

/** The origin of our pages: unlike `file://` a real one, with its own storage and policy. */
export const appOrigin = `${scheme}://${host}`;

/** Makes `app://` a standard, secure scheme. Must run before the app is ready. */
export function registerAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer, and nothing else, under `app://limpid/`. */
export function serveRenderer(protocol: Pick<Protocol, 'handle'>, rendererRoot: string): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    const headers = securityHeaders({ host: 'electron' });
    if (request.method !== 'GET' || url.host !== host) return new Response(null, { status: 403, headers });
    const file = await readRendererFile(rendererRoot, url.pathname);
    if (!file) return new Response(null, { status: 404, headers });
    return new Response(new Uint8Array(file.body), { headers: { ...headers, 'content-type': file.contentType } });
  });
}
