import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { EventEmitter } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { dirname } from 'node:path';
import type { AppImageUpdater, AppUpdater, MacUpdater, NsisUpdater, UpdateInfo } from 'electron-updater';
import { LimpidError } from '../../shared/errors.js';
import { isLoopbackHost } from '../auth/backendRules.js';
import { codedError, insecureCode, stalledCode } from './updateFailures.js';

/** Where new versions come from. */
export interface UpdateFeed {
  /** `latest`, or another list of the same server, such as `beta`, whose versions may be unfinished. */
  channel: string;
  /** Null: the server that this build names in its `app-update.yml`. */
  url: string | null;
}

/** Finds, downloads and installs a new version of Limpid. Rejects with whatever electron-updater throws, see `updateFailure`. */
export interface UpdateEngine {
  /** The version that is newer than this one; null: there is none. */
  find(): Promise<string | null>;
  /**
   * Downloads what was found and checks it; a file that fails the check is removed. `part` is 0..1. On macOS it resolves when Squirrel
   * has unpacked and checked it too, and installs it whenever Limpid ends.
   */
  download(onProgress: (part: number) => void, signal: AbortSignal): Promise<void>;
  /** Throws what would keep what was downloaded from being installed. At once: nothing waits when a process ends. */
  requireInstallable(): void;
  /** Starts what replaces this program, and then this program anew; `quit` must follow where it returns true. Throws when it cannot. */
  install(): boolean;
  /** Whether what was downloaded is installed when Limpid ends (macOS: Squirrel does so in any case); true while it is downloaded. */
  installsAtQuit: boolean;
}

/** What electron-updater wants to know of the app; default: Electron's own. */
export interface UpdateApp {
  readonly version: string;
  readonly name: string;
  readonly isPackaged: boolean;
  readonly appUpdateConfigPath: string;
  readonly userDataPath: string;
  readonly baseCachePath: string;
  whenReady(): Promise<void>;
  relaunch(): void;
  quit(): void;
  onQuit(handler: (exitCode: number) => void): void;
}

export interface UpdateEngineOptions {
  feed: UpdateFeed;
  platform: NodeJS.Platform;
  log: (line: string) => void;
  /** Other than Electron's app and network, for plain Node. */
  instead?: { app: UpdateApp; executor: RequestMaker };
  stallMs?: number;
  /** Hears where the AppImage is now, when the new version has another file name. */
  imageMoved?: (path: string) => void;
}

/** The part of builder-util-runtime's `HttpExecutor` that opens connections: each try, each redirect, each part of a file. */
export interface RequestMaker {
  createRequest(options: RequestOptions, callback: (response: never) => void): unknown;
}

interface RequestOptions {
  protocol?: string | null;
  hostname?: string | null;
  headers?: OutgoingHttpHeaders;
}

type PlatformUpdater = AppImageUpdater | NsisUpdater | MacUpdater;

/** Where electron-updater keeps things that its types hide. */
interface Inner {
  httpExecutor: RequestMaker;
  configOnDisk: { value: Promise<UpdateConfig | null | undefined> };
  downloadedUpdateHelper: { file: string | null } | null;
  /** Electron's `autoUpdater`, on macOS alone. */
  nativeUpdater?: EventEmitter;
}

/** `app-update.yml`, which electron-builder writes into each package. */
interface UpdateConfig {
  provider?: string;
  url?: string;
  publisherName?: string | string[] | null;
}

/** A slow line is no stall: this long not one more byte. */
const defaultStallMs = 120_000;
/** Squirrel unpacks and checks some hundred megabytes. */
const nativeMs = 10 * 60_000;
const sha512Bytes = 64;

/**
 * electron-updater (6.8), told to be careful:
 * nothing is fetched but by https (http on this computer alone), redirects and files included; nothing older than this version,
 * and nothing unfinished on the channel `latest`; nothing without a SHA-512 in the list of versions, which the whole file must have.
 * Beyond that Windows asks for the publisher's signature (`publisherName`; a build without one takes no updates, nor does a computer
 * that cannot check it), and macOS for that of this very app. On Linux there is no signature: the list and its hashes are as good as the server that https vouches for.
 * The number by which electron-updater would tell this computer from others stays here.
 * Rejects with `updates.no-feed`, `updates.unsigned` or `updates.insecure`.
 */
export async function openUpdateEngine({
  feed,
  platform,
  log,
  instead,
  stallMs = defaultStallMs,
  imageMoved = () => undefined,
}: UpdateEngineOptions): Promise<UpdateEngine> {
  // Not taken apart: that would also call its getter that makes an updater of its own.
  const updaters = await import('electron-updater');
  const updater: PlatformUpdater = new updaters[updaterNames[platform] ?? 'AppImageUpdater'](undefined, instead?.app);
  const inner = updater as unknown as Inner;
  if (instead) inner.httpExecutor = instead.executor;
  guardRequests(inner.httpExecutor);
  const warnings = new EventEmitter();
  const warn = (line: string): void => {
    log(line);
    warnings.emit('warning', String(line));
  };
  updater.logger = { info: log, warn, error: log, debug: log };
  if ('verifyUpdateCodeSignature' in updater) requireSignature(updater, warnings);
  updater.on('error', () => undefined);
  (updater as EventEmitter).on('appimage-filename-updated', imageMoved);
  updater.autoDownload = false;
  updater.disableWebInstaller = true;

  const config = await readConfig(inner);
  if (platform === 'win32' && !config.publisherName?.length) throw new LimpidError('updates.unsigned');
  const url = feed.url ?? config.url ?? null;
  if (url !== null && !isSafeAddress(url)) throw new LimpidError('updates.insecure');
  const isStable = feed.channel === 'latest';
  if (feed.url !== null) {
    updater.setFeedURL({ provider: 'generic', url: feed.url, channel: feed.channel });
  } else if (!isStable) {
    updater.channel = feed.channel;
  }
  // Both after the channel, which allows them.
  updater.allowPrerelease = !isStable;
  updater.allowDowngrade = false;

  let found: string | null = null;
  return {
    async find() {
      found = null;
      const result = await updater.checkForUpdates().catch((error: unknown) => {
        // An empty list has no version to read.
        throw error instanceof TypeError ? codedError('ERR_UPDATER_INVALID_UPDATE_INFO') : error;
      });
      if (!result?.isUpdateAvailable) return null;
      const { updateInfo } = result;
      if (!isWanted(updater, updateInfo, isStable)) return null;
      requireHashes(updateInfo);
      found = updateInfo.version;
      return found;
    },
    async download(onProgress, signal) {
      if (found === null) throw new LimpidError('updates.not-ready');
      const token = new updaters.CancellationToken();
      let stalled: ReturnType<typeof setTimeout> | undefined;
      let hasStalled = false;
      const watch = (): void => {
        clearTimeout(stalled);
        stalled = setTimeout(() => {
          hasStalled = true;
          token.cancel();
        }, stallMs);
      };
      const progress = ({ percent }: { percent: number }): void => {
        watch();
        onProgress(Math.min(1, Math.max(0, percent / 100)));
      };
      const cancel = (): void => token.cancel();
      updater.on('download-progress', progress);
      signal.addEventListener('abort', cancel);
      watch();
      const { nativeUpdater } = inner;
      const native = nativeUpdater ? takenBySquirrel(updater as MacUpdater, nativeUpdater, signal) : null;
      try {
        await Promise.all([updater.downloadUpdate(token), native?.taken]);
      } catch (error) {
        throw hasStalled ? codedError(stalledCode) : error;
      } finally {
        clearTimeout(stalled);
        native?.stop();
        signal.removeEventListener('abort', cancel);
        updater.off('download-progress', progress);
      }
    },
    requireInstallable() {
      const file = inner.downloadedUpdateHelper?.file;
      if (!file) throw new LimpidError('updates.not-ready');
      const { size } = statSync(file);
      if (platform === 'linux') requireRoomFor(file, size, process.env['APPIMAGE'] ?? '');
    },
    install() {
      // Silent and then started anew: the person has asked for it already.
      if ('install' in updater) return installOrThrow(updater);
      updater.quitAndInstall();
      return false;
    },
    get installsAtQuit() {
      return updater.autoInstallOnAppQuit;
    },
    set installsAtQuit(value) {
      updater.autoInstallOnAppQuit = value;
    },
  };
}

/**
 * Where PowerShell cannot run, as on locked-down computers, electron-updater only warns (“Ignoring signature validation …”) and takes
 * any file. Here such a file is refused.
 */
function requireSignature(updater: NsisUpdater, warnings: EventEmitter): void {
  const verify = updater.verifyUpdateCodeSignature;
  updater.verifyUpdateCodeSignature = async (publishers, file) => {
    let isChecked = true;
    const note = (line: string): void => void (isChecked &&= !line.includes('Ignoring signature validation'));
    warnings.on('warning', note);
    try {
      return (await verify(publishers, file)) ?? (isChecked ? null : 'PowerShell cannot check signatures here');
    } finally {
      warnings.off('warning', note);
    }
  };
}

/**
 * electron-updater is done when Squirrel has read the file, and only then Squirrel unpacks it and compares signatures. `taken` rejects
 * with what Squirrel says, or when it says nothing for long.
 */
function takenBySquirrel(updater: MacUpdater, native: EventEmitter, signal: AbortSignal) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ends: (() => void)[] = [];
  const taken = new Promise<void>((resolve, reject) => {
    const accept = (): void => resolve();
    const refuse = (error: unknown): void => reject(error);
    const cancel = (): void => reject(signal.reason);
    const wait = (): void => {
      timer = setTimeout(() => reject(codedError(stalledCode)), nativeMs);
      timer.unref();
    };
    native.on('update-downloaded', accept);
    native.on('error', refuse);
    updater.on('update-downloaded', wait);
    signal.addEventListener('abort', cancel);
    ends.push(() => {
      native.off('update-downloaded', accept);
      native.off('error', refuse);
      updater.off('update-downloaded', wait);
      signal.removeEventListener('abort', cancel);
    });
  });
  const stop = (): void => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
  return { taken, stop };
}

const updaterNames: Partial<Record<NodeJS.Platform, 'AppImageUpdater' | 'NsisUpdater' | 'MacUpdater'>> = {
  win32: 'NsisUpdater',
  darwin: 'MacUpdater',
};

/** Without it, electron-updater would not know the publisher whose signature Windows has to find. */
async function readConfig(inner: Inner): Promise<UpdateConfig> {
  try {
    const config = await inner.configOnDisk.value;
    if (config?.provider) return config;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new LimpidError('updates.no-feed');
}

/** electron-updater's own rule, once more: what it decides depends on switches that others of its switches move. */
function isWanted({ currentVersion }: AppUpdater, { version }: UpdateInfo, isStable: boolean): boolean {
  if (currentVersion.compare(version) >= 0) return false;
  return !isStable || currentVersion.prerelease.length > 0 || !version.includes('-');
}

/** electron-updater is content with a shorter hash. */
function requireHashes({ files }: UpdateInfo): void {
  const isWhole = ({ sha512 }: { sha512?: string }): boolean =>
    typeof sha512 === 'string' &&
    /^[A-Za-z\d+/]+=*$/.test(sha512) &&
    Buffer.from(sha512, 'base64').length === sha512Bytes;
  if (!Array.isArray(files) || files.length === 0 || !files.every(isWhole)) {
    throw codedError('ERR_UPDATER_NO_CHECKSUM');
  }
}

const isSafeAddress = (address: string): boolean =>
  URL.canParse(address) && isSafe(new URL(address).protocol, new URL(address).hostname);

const isSafe = (protocol: string, hostname: string): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));

/** Every request and every redirect passes here, of the list of versions as of the files. */
function guardRequests(executor: RequestMaker): void {
  const create = executor.createRequest.bind(executor);
  executor.createRequest = (options, callback) => {
    const { 'x-user-staging-id': _number, ...headers } = options.headers ?? {};
    if (isSafe(options.protocol ?? 'https:', options.hostname ?? '')) return create({ ...options, headers }, callback);
    return new RefusedRequest();
  };
}

/** A request that fails as soon as it is sent: an exception would leave a redirect without an answer. */
class RefusedRequest extends EventEmitter {
  end(): void {
    setImmediate(() => this.emit('error', codedError(insecureCode)));
  }
  abort(): void {}
  write(): void {}
}

/** electron-updater deletes the old AppImage before it moves the new one to its place: when that fails, there is none. */
function requireRoomFor(file: string, bytes: number, image: string): void {
  const folder = dirname(image);
  accessSync(folder, constants.W_OK);
  const [from, to, space] = [statSync(file), statSync(folder), statfsSync(folder)];
  if (from.dev !== to.dev && space.bavail * space.bsize < bytes) throw codedError('ENOSPC');
}

function installOrThrow(updater: AppImageUpdater | NsisUpdater): boolean {
  let failure: unknown = null;
  const note = (error: Error): void => void (failure ??= error);
  updater.on('error', note);
  try {
    if (updater.install(true, true)) return true;
  } finally {
    updater.off('error', note);
  }
  throw failure ?? new LimpidError('updates.not-ready');
}
