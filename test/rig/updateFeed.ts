import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http, {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configureRequestOptions, configureRequestUrl, HttpExecutor, type DownloadOptions } from 'builder-util-runtime';
import type { UpdateApp } from '../../src/main/shell/updateEngine.js';

/** What a server answers to a request for one of its files. */
export type Answer = (response: ServerResponse) => void;

export const sha512 = (content: Buffer | string): string => createHash('sha512').update(content).digest('base64');

/** A list of versions as electron-builder writes it. */
export const listOf = (version: string, url: string, content: Buffer | string, hash = sha512(content)): string =>
  `version: ${version}\nfiles:\n  - url: ${url}\n    sha512: ${hash}\n    size: ${content.length}\npath: ${url}\nsha512: ${hash}\nreleaseDate: '2026-11-20T10:00:00.000Z'\n`;

/** A real server of versions on 127.0.0.1. `files` maps a path to its content or to an answer of its own. */
export class UpdateFeed {
  readonly files = new Map<string, string | Buffer | Answer>();
  readonly requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  #server!: http.Server | https.Server;
  #scheme = 'http';

  static async start(tls?: { key: string; cert: string }): Promise<UpdateFeed> {
    const feed = new UpdateFeed();
    const answer = (request: IncomingMessage, response: ServerResponse): void => feed.#answer(request, response);
    feed.#scheme = tls ? 'https' : 'http';
    feed.#server = tls ? https.createServer(tls, answer) : http.createServer(answer);
    await new Promise<void>((done) => feed.#server.listen(0, '127.0.0.1', done));
    return feed;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Offers an AppImage; its content is what is installed. */
  offer(version: string, content: Buffer | string, channel = 'latest'): void {
    this.files.set(`/${channel}-linux.yml`, listOf(version, 'Limpid.AppImage', content));
    this.files.set('/Limpid.AppImage', content);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'http://feed').pathname;
    this.requests.push({ path, headers: request.headers });
    const file = this.files.get(path);
    if (file === undefined) return void response.writeHead(404).end();
    if (typeof file === 'function') return file(response);
    response.writeHead(200, { 'content-length': Buffer.byteLength(file) }).end(file);
  }
}

/** electron-updater's connections through Node, which Electron's `net` is there for in the app. */
export class NodeExecutor extends HttpExecutor<ClientRequest> {
  constructor(readonly ca?: string) {
    super();
  }

  override createRequest(options: https.RequestOptions, callback: (response: IncomingMessage) => void): ClientRequest {
    const { request } = options.protocol === 'http:' ? http : https;
    return request({ ...options, ...(this.ca ? { ca: this.ca } : {}) }, callback);
  }

  /** As electron-updater's executor for Electron does it. */
  async download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return options.cancellationToken.createPromise<string>((resolve, reject, onCancel) => {
      const request = { headers: options.headers ?? {} };
      configureRequestUrl(url, request);
      configureRequestOptions(request);
      const callback = (error: Error | null): void => (error ? reject(error) : resolve(destination));
      this.doDownload(request, { destination, options, onCancel, callback, responseHandler: null }, 0);
    });
  }
}

/** An installation in a folder of its own: an AppImage, its `app-update.yml`, and the cache of its user. */
export class Installed {
  readonly folder = mkdtempSync(join(tmpdir(), 'limpid-updates-'));
  image = join(this.folder, 'bin/Limpid.AppImage');
  readonly pending = join(this.folder, 'cache/limpid-updater/pending');
  quits = 0;

  constructor(
    readonly version: string,
    config: string,
  ) {
    mkdirSync(join(this.folder, 'bin'));
    mkdirSync(join(this.folder, 'data'));
    writeFileSync(this.image, `limpid ${version}`, { mode: 0o755 });
    if (config) writeFileSync(join(this.folder, 'app-update.yml'), `${config}\nupdaterCacheDirName: limpid-updater\n`);
  }

  /** Gives the AppImage another file name. */
  rename(name: string): void {
    const renamed = join(this.folder, 'bin', name);
    renameSync(this.image, renamed);
    this.image = renamed;
  }

  /** All files that a download left. */
  left(): string[] {
    try {
      return readdirSync(this.pending);
    } catch {
      return [];
    }
  }

  get app(): UpdateApp {
    return {
      version: this.version,
      name: 'Limpid',
      isPackaged: true,
      appUpdateConfigPath: join(this.folder, 'app-update.yml'),
      userDataPath: join(this.folder, 'data'),
      baseCachePath: join(this.folder, 'cache'),
      whenReady: async () => undefined,
      relaunch: () => undefined,
      quit: () => void (this.quits += 1),
      onQuit: () => undefined,
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
