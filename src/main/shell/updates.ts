import { isDeepStrictEqual } from 'node:util';
import type { App } from 'electron';
import type { UpdatesView } from '../../shared/desktop.js';
import { errorOf, LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { AppState } from '../../shared/state.js';
import { redact } from '../redact.js';
import type { Services } from '../services.js';
import { relaunchOptions } from './autostartEntry.js';
import { openUpdateEngine, type UpdateEngine, type UpdateFeed } from './updateEngine.js';
import { codedError, stalledCode, updateFailure } from './updateFailures.js';
import { whyNoUpdates } from './updateSupport.js';

export type UpdatedServices = Pick<Services, 'handlers' | 'on' | 'dispose' | 'updatePolicy'>;

export interface Updates {
  readonly view: UpdatesView;
  onChange(listener: () => void): () => void;
  /** Resolves when it is known whether there is a new version, which is then downloaded. Rejects with `updates.*`. */
  check(): Promise<void>;
  /**
   * Asks for the pages' leave, puts the services away, installs what was downloaded, and ends Limpid, which then starts anew. Does
   * nothing when a page wants to stay. Rejects with `updates.*` while nothing has been put away yet.
   */
  install(pages: LeavingPages): Promise<void>;
  /** Nothing is installed when Limpid ends, not even what is about to be: the system ends with it, or Limpid starts anew at once. */
  keepForLater(): void;
  /** From now on preferences, policy and recordings are known; until then nothing is looked for. */
  follow(services: UpdatedServices): void;
  dispose(): void;
}

/** The pages that go with Limpid. */
export interface LeavingPages {
  /** Whether no page has anything to lose, or a person gives it up. */
  mayLeave(): Promise<boolean>;
  /** From now on none holds the end back. */
  letGo(): void;
}

export interface UpdatesOptions {
  app: Pick<App, 'isPackaged' | 'on' | 'quit' | 'relaunch' | 'releaseSingleInstanceLock'>;
  platform?: NodeJS.Platform;
  environment?: NodeJS.ProcessEnv;
  /** Of Electron; default: what it sets. */
  resourcesPath?: string;
  execPath?: string;
  /** Writes down what failed in a way that nobody can see from the notice. */
  record?: (error: unknown) => void;
  /** Hears where the AppImage is from now on, when its new version has another name; this process may end right after. */
  imageMoved?: (path: string) => void;
  openEngine?: (feed: UpdateFeed) => Promise<UpdateEngine>;
  nowMs?: () => number;
  /** 0..1 */
  random?: () => number;
}

/** The first second belongs to the voice; and not all computers of a house, switched on at eight, ask at the same moment. */
const firstLookMs = 30_000;
const lookEveryMs = 6 * 3_600_000;
const jitter = 0.1;
/** After a failure that may pass; doubled each time, up to the usual interval. */
const retryMs = 15 * 60_000;
const findTimeoutMs = 60_000;
/** What does not come to its end when the services are put away is left behind. */
const disposeMs = 5000;
/** So long macOS may take to end this process once it was told to install. */
const installMs = 30_000;
/** This installation will never get any: it does not know from where, or cannot tell whether they are genuine. */
const finalCodes = new Set(['updates.no-feed', 'updates.unsigned']);
/** Somebody may be at work who should not be: these are written down too. */
const loudCodes = new Set(['updates.untrusted', 'updates.insecure', 'updates.failed']);

/**
 * Looks for new versions of Limpid, half a minute after the start and every six hours, also while one is ready, which a newer one
 * then replaces, and which is dropped when it is offered no more. Downloads them, and installs them when the person says so, or when Limpid
 * ends (unless it was recording, the session of the person ends, or there is no room). Off where the policy or this installation says so; where the person
 * switched it off, it looks only when asked. A server that cannot be reached is told once and tried again in silence.
 */
export function createUpdates({
  app,
  platform = process.platform,
  environment = process.env,
  resourcesPath = process.resourcesPath,
  execPath = process.execPath,
  record = () => undefined,
  imageMoved = () => undefined,
  openEngine = (feed) => openUpdateEngine({ feed, platform, log: logWhenDebugging, imageMoved }),
  nowMs = Date.now,
  random = Math.random,
}: UpdatesOptions): Updates {
  const listeners = new Set<() => void>();
  const { isPackaged } = app;
  const unsupported = whyNoUpdates({ platform, isPackaged, resourcesPath, execPath, environment });
  const startedMs = nowMs();
  let services: UpdatedServices | null = null;
  let state: AppState | null = null;
  let unfollow = (): void => undefined;
  let feed: UpdateFeed = { channel: 'latest', url: null };
  let engine: UpdateEngine | null = null;
  let run: Run | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retries = 0;
  let wasAsked = false;
  /** Why this feed will never give any. */
  let final: Notice | null = null;
  let installing: Promise<void> | null = null;
  let isKeptForLater = false;
  /** All is put away for a new version, which is installed at once and not as Limpid ends. */
  let isGoing = false;
  let view: UpdatesView = {
    phase: 'off',
    channel: feed.channel,
    version: null,
    progress: null,
    checkedAtMs: null,
    notice: unsupported,
  };

  /** What is not named is as it was (channel, time of the last look) or nothing (all else). */
  const show = (changes: Partial<UpdatesView> & Pick<UpdatesView, 'phase'>): void => {
    const { checkedAtMs } = view;
    const next = { version: null, progress: null, notice: null, channel: feed.channel, checkedAtMs, ...changes };
    if (isDeepStrictEqual(next, view)) return;
    view = next;
    for (const listener of listeners) listener();
  };

  const whyOff = (): Notice | null => {
    if (unsupported) return unsupported;
    if (!services || !state) return { code: 'updates.starting', params: {} };
    return services.updatePolicy().isAllowed ? final : { code: 'updates.off-by-policy', params: {} };
  };
  const looksByItself = (): boolean => state?.preferences.looksForUpdates ?? false;

  /** What is shown while nothing is found and nothing done. */
  const rest = (changes: Partial<UpdatesView> = {}): void => {
    const off = whyOff() ?? (looksByItself() ? null : { code: 'updates.off-by-choice', params: {} });
    show(off ? { ...changes, phase: 'off', notice: off } : { ...changes, phase: 'idle' });
  };

  /** Ends what runs and forgets what was downloaded. */
  const drop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    run?.controller.abort();
    run = null;
    if (engine) engine.installsAtQuit = false;
    engine = null;
    retries = 0;
    wasAsked = false;
    rest();
  };

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      if (obey()) look(false).catch(() => undefined);
    }, delayMs);
    timer.unref();
  };
  const spread = (delayMs: number): number => delayMs * (1 + jitter * (2 * random() - 1));

  /** Follows what policy and person say now; true: it may be looked for new versions. */
  const obey = (): boolean => {
    if (!services) return false;
    const { channel, feedUrl: url } = services.updatePolicy();
    const hasMoved = channel !== feed.channel || url !== feed.url;
    if (hasMoved) {
      feed = { channel, url };
      final = null;
    }
    const mayLook = !whyOff() && (looksByItself() || wasAsked);
    if (hasMoved || !mayLook) drop();
    return mayLook;
  };

  const evaluate = (): void => {
    if (installing || !obey() || timer || run) return;
    if (view.phase === 'off') rest();
    if (!looksByItself()) return;
    if (view.phase === 'ready') return schedule(spread(lookEveryMs));
    schedule(Math.max(0, firstLookMs - (nowMs() - startedMs)) + firstLookMs * random());
  };

  /** Tells it once: a further try that fails in the same way changes nothing that is shown. */
  const fail = (error: unknown): LimpidError => {
    const failure = updateFailure(error);
    if (loudCodes.has(failure.code)) record(error);
    if (finalCodes.has(failure.code) && view.phase !== 'ready') {
      final = noticeOf(failure);
      rest();
      return failure;
    }
    if (view.phase !== 'ready') show({ phase: 'failed', notice: noticeOf(failure) });
    const delayMs = failure.retryable ? Math.min(lookEveryMs, retryMs * 2 ** retries++) : lookEveryMs;
    if (looksByItself()) schedule(spread(delayMs));
    return failure;
  };

  const download = async (opened: UpdateEngine, version: string, { signal }: AbortController): Promise<void> => {
    show({ phase: 'downloading', version, progress: 0, checkedAtMs: nowMs() });
    // electron-updater sets itself up for the end of Limpid, and hands the file to macOS, only while this holds.
    opened.installsAtQuit = true;
    const follow = (progress: number): void => {
      if (!signal.aborted) show({ phase: 'downloading', version, progress });
    };
    try {
      await opened.download(follow, signal);
      if (signal.aborted) return;
      run = null;
      retries = 0;
      show({ phase: 'ready', version });
      if (looksByItself()) schedule(spread(lookEveryMs));
    } catch (error) {
      if (signal.aborted) return;
      run = null;
      fail(error);
    }
  };

  const find = async ({ controller, isAsked }: Run): Promise<void> => {
    const { signal } = controller;
    const ready = view.phase === 'ready' ? view.version : null;
    // A failure that is told stays told while it is tried again in silence, and what is ready can be installed meanwhile.
    if (ready === null && (isAsked || view.phase !== 'failed')) show({ phase: 'checking' });
    try {
      const opened = engine ?? (await openEngine(feed));
      if (signal.aborted) return;
      engine = opened;
      const version = await within(findTimeoutMs, opened.find());
      if (signal.aborted) return;
      if (version !== null && version === ready) {
        run = null;
        retries = 0;
        show({ phase: 'ready', version, checkedAtMs: nowMs() });
        if (looksByItself()) schedule(spread(lookEveryMs));
        return;
      }
      if (version !== null) {
        void download(opened, version, controller);
        return;
      }
      run = null;
      retries = 0;
      rest({ checkedAtMs: nowMs() });
      if (looksByItself()) schedule(spread(lookEveryMs));
    } catch (error) {
      if (signal.aborted) return;
      run = null;
      // One that hangs would answer in the same way to all that follow; but one that holds a version keeps it.
      if (ready === null) engine = null;
      throw fail(error);
    }
  };

  const look = (isAsked: boolean): Promise<void> => {
    if (run) {
      if (isAsked && view.phase === 'failed') show({ phase: 'checking' });
      return run.found;
    }
    clearTimeout(timer);
    timer = undefined;
    const next: Run = { controller: new AbortController(), isAsked, found: Promise.resolve() };
    run = next;
    next.found = find(next);
    return next.found;
  };

  const requireReady = (): { engine: UpdateEngine; services: UpdatedServices } => {
    const off = whyOff();
    if (off) throw errorOf(off);
    if (!services || !engine || view.phase !== 'ready') throw new LimpidError('updates.not-ready');
    if (state?.recording) throw new LimpidError('updates.recording');
    try {
      engine.requireInstallable();
    } catch (error) {
      throw updateFailure(error);
    }
    return { engine, services };
  };

  /** Everything is put away already: this version starts anew, and its next look tries again. */
  const startAnew = (error: unknown): void => {
    record(error);
    app.relaunch(relaunchOptions(environment, platform));
    app.quit();
  };

  const installNow = async ({ mayLeave, letGo }: LeavingPages): Promise<void> => {
    requireReady();
    if (!(await mayLeave())) return;
    // The question may have waited for long.
    const ready = requireReady();
    letGo();
    isGoing = true;
    ready.engine.installsAtQuit = false;
    await within(disposeMs, ready.services.dispose()).catch(record);
    if (isKeptForLater) return app.quit();
    try {
      // The new one may start before this one is quite gone, and would leave at once.
      app.releaseSingleInstanceLock();
      if (ready.engine.install()) return app.quit();
      setTimeout(() => startAnew(codedError(stalledCode)), installMs).unref();
    } catch (error) {
      startAnew(error);
    }
  };

  app.on('before-quit', () => {
    if (!engine || isGoing) return;
    engine.installsAtQuit = view.phase === 'ready' && !whyOff() && !state?.recording;
  });
  // The very last moment, right before electron-updater's own listener: a disk may have filled meanwhile.
  app.on('quit', () => {
    if (!engine?.installsAtQuit) return;
    engine.installsAtQuit = !isKeptForLater;
    try {
      engine.requireInstallable();
    } catch (error) {
      engine.installsAtQuit = false;
      record(error);
    }
  });

  return {
    get view() {
      return view;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async check() {
      wasAsked = true;
      obey();
      const off = whyOff();
      if (off) throw errorOf(off);
      if (view.phase === 'ready') return;
      wasAsked = true;
      await look(true);
    },
    async install(pages) {
      installing ??= installNow(pages).finally(() => (installing = null));
      await installing;
    },
    keepForLater() {
      isKeptForLater = true;
      if (engine) engine.installsAtQuit = false;
    },
    follow(followed) {
      if (unsupported) return;
      services = followed;
      const take = (now: AppState): void => {
        state = now;
        evaluate();
      };
      unfollow = followed.on('state.changed', take);
      void followed.handlers['state.get'](undefined).then((now) => state ?? take(now));
    },
    dispose() {
      clearTimeout(timer);
      run?.controller.abort();
      unfollow();
      listeners.clear();
    },
  };
}

interface Run {
  controller: AbortController;
  isAsked: boolean;
  /** Settles when it is known whether there is a new version. */
  found: Promise<void>;
}

/** Electron's network has no deadline of its own. */
async function within<Value>(timeoutMs: number, work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(codedError(stalledCode)), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function logWhenDebugging(line: string): void {
  if (process.env['LIMPID_DEBUG']) console.error(redact(String(line)));
}
