import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { LimpidError } from '../../shared/errors.js';
import { bridgeScript, linkParameter, socketPath } from '../../shared/panelProtocol.js';
import type { Services } from '../services.js';
import { createGateway } from './gateway.js';
import { createSecret, PanelAccess } from './panelAccess.js';
import { answerHttp, isOurHost, panelOrigin, readSessionCookie, type PanelRoutes } from './panelHttp.js';
import { createPanelSocket, refuseUpgrade } from './panelSocket.js';
import { readRendererFile } from './rendererFiles.js';

export interface PanelOptions {
  services: Services;
  /** Folder of the built renderer. */
  rendererRoot: string;
  /** Port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Hears of unforeseen errors. */
  report: (error: unknown) => void;
}

export interface Panel {
  port: number;
  /** Lets the same user's `limpid panel --new-link` ask for another link. */
  adminSecret: string;
  /** The address for one more browser; its secret works once. */
  createLinkUrl(): string;
  /** Ends every connection, within two seconds whatever they do; the services stay with whoever made them. */
  close(): Promise<void>;
}

/** A request on which nothing moves for so long is given up. */
const silenceMs = 60_000;
/** A connection that does not end by then is left behind. */
const closeMs = 2000;

/** The URL that signs one browser in. The fragment never leaves the browser: not to a log, not to a proxy, not as a referrer. */
export const linkUrl = (port: number, link: string): string => `${panelOrigin(port)}/#${linkParameter}=${link}`;

/**
 * Serves the renderer to browsers on this computer and speaks the contract with them. Listens on 127.0.0.1 only.
 * Fails with `panel.not-built` or `panel.port-busy`.
 */
export async function startPanel({ services, rendererRoot, port, report }: PanelOptions): Promise<Panel> {
  const pages = await Promise.all(['/', `/${bridgeScript}`].map((path) => readRendererFile(rendererRoot, path)));
  if (pages.includes(null)) throw new LimpidError('panel.not-built');

  const access = new PanelAccess();
  const adminSecret = createSecret();
  const server = createServer((incoming, response) => {
    answerHttp(incoming, response, routes).catch((error: unknown) => {
      report(error);
      response.destroy();
    });
  });
  server.maxConnections = 128;
  // A large file takes its time; a connection on which nothing moves does not get it.
  server.requestTimeout = 0;
  server.timeout = silenceMs;
  const listeningPort = (): number => (server.address() as AddressInfo).port;
  const routes: PanelRoutes = {
    access,
    adminSecret,
    rendererRoot,
    receiveFile: (name, stream, bytes) => services.receiveFile(name, stream, bytes),
    report,
    uploads: 0,
    port: listeningPort,
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new LimpidError('panel.port-busy', { port }, { cause })));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });

  const origin = panelOrigin(listeningPort());
  const socket = createPanelSocket(createGateway(services, origin, report));
  server.on('upgrade', (incoming, connection: Duplex, head) => {
    connection.on('error', () => connection.destroy());
    const isOurs = access.hasSession(readSessionCookie(incoming, listeningPort()) ?? '');
    if (!isOurHost(incoming, listeningPort())) refuseUpgrade(connection, '421 Misdirected Request');
    else if (incoming.headers.origin !== origin) refuseUpgrade(connection, '403 Forbidden');
    else if (incoming.url !== socketPath) refuseUpgrade(connection, '404 Not Found');
    else if (!isOurs) refuseUpgrade(connection, '401 Unauthorized');
    // No page of another origin can hold ours in a frame (CSP frame-ancestors).
    else socket.accept(incoming, connection, head, { isOurs, isMainFrame: true, origin });
  });

  return {
    port: listeningPort(),
    adminSecret,
    createLinkUrl: () => linkUrl(listeningPort(), access.createLink()),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      // Not held up by the timer itself: a connection that hangs keeps the process alive until then.
      await Promise.race([Promise.all([socket.close(), closed]), sleep(closeMs, undefined, { ref: false })]);
    },
  };
}
