import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { LimpidError, type LimpidErrorShape } from '../../shared/errors.js';
import { toErrorShape } from '../../shared/messages/index.js';
import { bridgeScript, sessionPath, uploadPath } from '../../shared/panelProtocol.js';
import type { Services } from '../services.js';
import { securityHeaders } from './csp.js';
import { isSameSecret, type PanelAccess } from './panelAccess.js';
import { readRendererFile } from './rendererFiles.js';

const maxBodyBytes = 1024;
/** How long a sender is heard out after a refusal. */
const hearOutMs = 10_000;
const maxUploads = 4;
const linkBody = z.object({ link: z.string().max(128) });

/** Where the same user's `limpid panel --new-link` asks for another link (POST) or whether we are there (GET), by the secret of the panel file. */
export const newLinkPath = '/admin/link';

export interface PanelRoutes {
  access: PanelAccess;
  adminSecret: string;
  rendererRoot: string;
  /** Takes a file that a browser sends; rejects with a `LimpidError`. */
  receiveFile: Services['receiveFile'];
  /** Hears of unforeseen errors. */
  report(error: unknown): void;
  /** Files that are being sent at the moment. */
  uploads: number;
  /** The port that is listened on; known once the server listens. */
  port(): number;
}

/** The panel's own origin. A page of any other name that resolves to us (DNS rebinding) is not ours. */
export const panelOrigin = (port: number): string => addressOf(port).origin;

/** Whether the request was made for our address, which a rebound name cannot pretend. */
export const isOurHost = (incoming: IncomingMessage, port: number): boolean =>
  incoming.headers.host === addressOf(port).host;

/** Browsers leave out the port 80, and so does this. */
const addressOf = (port: number): URL => new URL(`http://127.0.0.1:${port}`);

/** The session secret of the request's cookie, or null. Cookies ignore ports, hence the port in the name. */
export function readSessionCookie(incoming: IncomingMessage, port: number): string | null {
  const prefix = `${cookieName(port)}=`;
  const cookies = (incoming.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length) ?? null;
}

const cookieName = (port: number): string => `limpid-panel-${port}`;

/** Answers every plain HTTP request of the panel: the renderer's files, the exchange of a link, another link, a sound file. */
export async function answerHttp(incoming: IncomingMessage, response: ServerResponse, routes: PanelRoutes) {
  const port = routes.port();
  const headers = { ...securityHeaders({ host: 'panel', port }), 'cache-control': 'no-store' };
  const end = (status: number, extra: Record<string, string> = {}, body: string | Buffer = '') =>
    response.writeHead(status, { ...headers, ...extra }).end(body);

  if (!isOurHost(incoming, port)) return end(421);
  if (!URL.canParse(incoming.url ?? '', panelOrigin(port))) return end(400);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', panelOrigin(port));

  if (pathname === newLinkPath) {
    const isAdmin = isSameSecret(incoming.headers.authorization ?? '', `Bearer ${routes.adminSecret}`);
    if (!isAdmin || incoming.headers.origin !== undefined) return end(403);
    if (incoming.method !== 'POST') return end(204);
    return end(200, { 'content-type': 'application/json' }, JSON.stringify({ link: routes.access.createLink() }));
  }

  if (pathname === sessionPath && incoming.method === 'GET') {
    return end(routes.access.hasSession(readSessionCookie(incoming, port) ?? '') ? 204 : 401);
  }

  if (pathname === sessionPath) {
    if (incoming.method !== 'POST' || incoming.headers.origin !== panelOrigin(port)) return end(403);
    const body = await readSmallBody(incoming);
    if (body === null) return end(413, { connection: 'close' });
    const session = redeem(body, routes.access);
    if (!session) return end(401);
    return end(204, { 'set-cookie': `${cookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=/` });
  }

  if (pathname === uploadPath) {
    if (incoming.method !== 'POST') return end(405);
    if (incoming.headers.origin !== panelOrigin(port)) return end(403, { connection: 'close' });
    if (!routes.access.hasSession(readSessionCookie(incoming, port) ?? '')) return end(401, { connection: 'close' });
    const failure = await receiveUpload(incoming, searchParams.get('name') ?? '', routes);
    if (!failure) return end(204);
    end(failure.status, { 'content-type': 'application/json' }, JSON.stringify(failure.error));
    return limitRest(incoming);
  }

  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return end(405);
  const file = await readRendererFile(routes.rendererRoot, pathname);
  if (!file) return end(404);
  const body = file.contentType.startsWith('text/html') ? injectBridge(file.body.toString()) : file.body;
  return end(200, { 'content-type': file.contentType }, incoming.method === 'HEAD' ? '' : body);
}

/** Modules run in the order they stand in: first in the head is before the renderer, which finds `window.limpid` ready. */
const injectBridge = (html: string): string =>
  html.replace('<head>', `<head>\n    <script type="module" src="/${bridgeScript}"></script>`);

function redeem(body: string, access: PanelAccess): string | null {
  try {
    const parsed = linkBody.safeParse(JSON.parse(body));
    return parsed.success ? access.redeem(parsed.data.link) : null;
  } catch {
    return null;
  }
}

/** The body as text, or null when it is larger than any that we accept. */
async function readSmallBody(incoming: IncomingMessage): Promise<string | null> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > maxBodyBytes) return null;
  }
  return text;
}

/** Resolves with null when the file is taken, else with why not. */
async function receiveUpload(
  incoming: IncomingMessage,
  name: string,
  routes: PanelRoutes,
): Promise<{ status: number; error: LimpidErrorShape } | null> {
  const failed = (error: unknown) => {
    const shape = toErrorShape(error);
    if (shape.code === 'internal') routes.report(error);
    return { status: uploadStatuses[shape.code] ?? (shape.code === 'internal' ? 500 : 400), error: shape };
  };
  if (routes.uploads >= maxUploads) return failed(new LimpidError('panel.overloaded', {}, { retryable: true }));
  routes.uploads += 1;
  try {
    const announced = incoming.headers['content-length'];
    // A connection that is cut would keep the sender from hearing why it was refused.
    const chunks = incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    await routes.receiveFile(name, chunks, announced === undefined ? null : Number(announced));
    return null;
  } catch (error) {
    return failed(error);
  } finally {
    routes.uploads -= 1;
  }
}

const uploadStatuses: Readonly<Record<string, number>> = {
  'panel.overloaded': 503,
  'files.not-sound': 415,
  'files.too-large': 413,
  'file.disk-full': 507,
};

/** Lets the rest of a refused body run out for a while, so that its sender hears the refusal: a browser listens when it has said all. */
function limitRest(incoming: IncomingMessage): void {
  if (incoming.complete || incoming.destroyed) return;
  const timer = setTimeout(() => incoming.destroy(), hearOutMs);
  timer.unref();
  incoming.resume();
  incoming.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
}
