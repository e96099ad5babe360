import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import packageFile from '../../package.json' with { type: 'json' };
import type { CallArgument, CallName, CallValue, EventName, EventPayload } from '../shared/contract.js';
import type { DesktopView } from '../shared/desktop.js';
import { errorOf, LimpidError, noticeOf } from '../shared/errors.js';
import { createEventListeners } from '../shared/eventListeners.js';
import { preferences, type Preferences } from '../shared/preferences.js';
import type { AppState, LiveNumbers } from '../shared/state.js';
import { openDeviceCatalog } from './audio/devices.js';
import { Enhancer } from './audio/enhancer.js';
import { Listening } from './audio/listening.js';
import { asLimpidError, loadNative, type LoopNumbers, type Native } from './audio/native.js';
import { Recordings } from './audio/recordings.js';
import { shareSupply } from './audio/sharedSupply.js';
import { shareSpectra } from './audio/spectra.js';
import { removeLeftovers, VirtualMicrophone } from './audio/virtualMicrophone.js';
import { Licensing } from './auth/licensing.js';
import { Diagnostics } from './diagnostics/diagnostics.js';
import { defaultDataFolder } from './downloads/dataFolder.js';
import { FileEngine } from './files/fileEngine.js';
import { FileQueue } from './files/fileQueue.js';
import { openWithSystem } from './host/openWithSystem.js';
import type { Mishaps } from './mishaps.js';
import type { UpdatePolicy } from './settings/policy.js';
import { openSettings } from './settings/settings.js';

/** What differs between Electron and a browser panel; everything below `shell/` receives it as a parameter. */
export interface HostEnvironment {
  host: AppState['host'];
  /** Settings file; default: the per-user folder of the OS. */
  configPath?: string;
  /** Errors of this process that nobody foresaw, where somebody watches for them. */
  mishaps?: Mishaps;
  openExternal(url: string): Promise<void>;
  /** Shows a page of an identity provider in the browser of this person; absent: codes are the way to sign in. Rejects with `signIn.*`. */
  openSignInPage?(url: string): Promise<void>;
  /** What the desktop gives an app with windows of its own; absent in a panel. */
  desktop?: Desktop;
  /** Variables with secrets that were taken out of `process.env`, which has all the others; absent: they are still there. */
  secretVariables?: NodeJS.ProcessEnv;
  /** What the system knows of the network; absent in plain Node, which goes by variables alone. */
  network?: {
    /** The way to an address in the words of a PAC script: `PROXY host:port; DIRECT`. */
    resolveProxy(url: string): Promise<string>;
  };
  /** Shows a folder of ours; default: with the system's file manager. */
  openFolder?(path: string): Promise<void>;
  microphone: {
    status(): AppState['microphonePermission'];
    /** Asks the person where the OS has such a question (macOS); resolves with the answer. */
    request(): Promise<AppState['microphonePermission']>;
    openSettings(): Promise<void>;
  };
}

/** What the shell does for the services; it knows them only after they are there (`follow`, in the shell). */
export interface Desktop {
  readonly view: DesktopView;
  onChange(listener: () => void): () => void;
  /** Gives the keys of the whole system back while a window records new ones. */
  recordShortcuts(isRecording: boolean): void;
  /** Rejects with `updates.*`. */
  checkForUpdates(): Promise<void>;
  /** Ends the process. Rejects with `updates.*` when nothing was downloaded. */
  installUpdate(): Promise<void>;
}

/** The app without a window: one handler a call of the contract (they throw `LimpidError`), and the events. */
export interface Services {
  handlers: { [Name in CallName]: (argument: CallArgument<Name>) => Promise<CallValue<Name>> };
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /**
   * Takes a sound file that a browser sends, and puts it on the list of files. Rejects with `files.*` or `file.disk-full`.
   * @param bytes its size as the browser says; null: nobody knows
   */
  receiveFile(name: string, stream: AsyncIterable<Uint8Array>, bytes: number | null): Promise<void>;
  /** As `live.start`, but a device that is busy or not there yet is tried again: nobody waits for the answer. */
  startPatiently(): Promise<void>;
  /**
   * The computer is back from sleep (`resume`), or the network is: a token that is due is fetched at once, and after a sleep the
   * devices are looked for. A voice that runs is not touched. Never rejects.
   */
  wake(reason: 'resume' | 'network'): Promise<void>;
  /** What the administrator says of new versions now; `state.changed` is told after every change of the policy. */
  updatePolicy(): UpdatePolicy;
  /** Stops the audio, removes the virtual microphone, flushes settings. A second call waits for the first. */
  dispose(): Promise<void>;
}

/** Where a virtual cable for this system can be had; on Linux the sound server makes the microphone. */
const virtualCableLinks: Record<AppState['platform'], string | null> = {
  win32: 'https://vb-audio.com/Cable/',
  darwin: 'https://existential.audio/blackhole/',
  linux: null,
};

/** Builds the app below its windows. Never fails for a missing native core or broken settings: the state says so. */
export async function createServices(environment: HostEnvironment): Promise<Services> {
  const platform = requirePlatform(process.platform);
  const native = tryNative();
  const core = native instanceof LimpidError ? null : native;
  // The sound server and PortAudio take the longest: they answer while settings and policy are read.
  const opening = openDeviceCatalog(core, removeLeftovers());
  const stored = await openSettings(environment.configPath);
  const licensing = await Licensing.open({
    native: core,
    settings: stored,
    secretVariables: environment.secretVariables,
    resolveProxy: environment.network?.resolveProxy,
    openSignInPage: environment.openSignInPage,
  });
  const { settings, policy } = licensing;
  const loop = native instanceof LimpidError ? native : new native.Loop();
  const readSpectra = shareSpectra(loop);
  const catalog = await opening;
  const supplyEngines = shareSupply(licensing.licence);
  const virtualMicrophone = new VirtualMicrophone();
  const enhancer = new Enhancer({
    loop,
    catalog,
    virtualMicrophone,
    microphone: environment.microphone,
    wishes: settings.values,
    engines: supplyEngines(),
    remember: (changes) => settings.update(changes),
    problem: native instanceof LimpidError ? noticeOf(native) : (settings.notices[0] ?? null),
  });
  const recordings = new Recordings({
    loop,
    enhancer,
    settings,
    openFolder: environment.openFolder ?? openWithSystem,
    changed: () => tellState(),
  });
  const listening = new Listening({
    native,
    loop,
    enhancer,
    engines: supplyEngines(),
    catalog,
    recordings,
    settings,
    permission: environment.microphone,
    pathsOfFile: (id) => files.pathsOf(id),
    isSelfTestUnderWay: () => diagnostics.state.selfTest.running !== null,
    changed: () => tellState(),
    heard: (level) => listeners.emit('microphone.heard', level),
    moved: (head) => listeners.emit('player.moved', head),
  });
  const diagnostics = new Diagnostics({
    native: core,
    enhancer,
    licensing,
    settings,
    catalog,
    virtualMicrophone,
    microphone: environment.microphone,
    readState: () => readState(),
    openFolder: environment.openFolder ?? openWithSystem,
    checked: (views) => listeners.emit('diagnostics.checked', views),
    changed: () => tellState(),
  });
  const files = new FileQueue({
    engine: new FileEngine({ supply: supplyEngines(), wished: () => enhancer.state }),
    settings,
    folderForReceived: () => recordings.state.recordings.folder,
    workParent: join(defaultDataFolder(), 'files'),
    openFolder: environment.openFolder ?? openWithSystem,
    told: (changed, removed) => listeners.emit('files.changed', { changed, removed }),
    changed: () => tellState(),
  });
  const facts = { platform, host: environment.host, version: packageFile.version };
  const embedded = describeEmbedded(core);
  const readState = (): AppState => {
    const { state } = licensing;
    const licensed = { id: 'aic', bandwidthHz: widthOf(state.licensed) } as const;
    const engines = [embedded.gtcrn, licensed, embedded.bypass];
    const kept = recordings.state;
    const { welcomed } = settings.values;
    const liked = preferences.parse(settings.values);
    return {
      ...enhancer.state,
      ...state,
      ...kept,
      ...listening.state,
      ...diagnostics.state,
      files: files.view,
      engines,
      preferences: liked,
      welcomed,
      mishap: environment.mishaps?.notice ?? null,
      policy: { locked: settings.locked, lockReason: policy.lockReason },
      desktop: environment.desktop?.view ?? null,
      ...facts,
    };
  };
  const makeRoom = async (): Promise<void> => {
    await Promise.all([listening.freeMicrophone(), diagnostics.giveWay()]);
  };
  const requireDesktop = (): Desktop => {
    if (!environment.desktop) throw new LimpidError('desktop.none');
    return environment.desktop;
  };
  const rescan = async (): Promise<void> => {
    if (!catalog.hasSoundServer) await listening.freeDevices('comparison.rescan');
    await enhancer.rescan();
  };
  const listeners = createEventListeners();
  let told: AppState | null = null;
  const tellState = (): void => {
    const state = readState();
    if (isDeepStrictEqual(state, told)) return;
    told = state;
    listeners.emit('state.changed', state);
  };
  enhancer.onState(tellState);
  licensing.onChange(tellState);
  settings.onChange(() => {
    const { engine, level, input, output, periodFrames } = settings.values;
    void enhancer.adopt({ engine, level, input, output, periodFrames });
    // Also where a window sees no difference: others ask for the policy when the state changes.
    told = null;
    tellState();
  });
  const stopWatching = [environment.mishaps?.onChange(tellState), environment.desktop?.onChange(tellState)];
  enhancer.onNumbers((numbers) => listeners.emit('numbers.measured', toLiveNumbers(numbers, recordings.seconds)));

  // An update puts them away before it ends Limpid, which does so again.
  let disposed: Promise<void> | null = null;
  const dispose = async (): Promise<void> => {
    for (const stop of stopWatching) stop?.();
    // Asked for first, so that the files are completed; the rest does not wait for a slow disk.
    const recorded = recordings.dispose();
    const listened = Promise.all([listening.dispose(), diagnostics.dispose(), files.dispose()]);
    const silenced = enhancer.dispose().finally(() => licensing.dispose());
    await silenced.finally(() => settings.flush()).finally(() => Promise.all([recorded, listened]));
  };

  return {
    on: listeners.on,
    receiveFile: (name, stream, bytes) => files.receive(name, stream, bytes),
    updatePolicy: () => policy.updates,
    startPatiently: () => enhancer.start({ isPatient: true, makeRoom }),
    async wake(reason) {
      licensing.licence.keeper.wake();
      // Without a sound server the list is only read anew with all streams closed.
      const isUndisturbed = catalog.hasSoundServer || enhancer.state.phase !== 'running';
      if (reason === 'resume' && isUndisturbed) await rescan().catch(() => undefined);
    },
    handlers: {
      ...listening.handlers,
      ...diagnostics.handlers,
      ...files.handlers,
      'files.remove': async ({ id }) => {
        await listening.forgetFile(id);
        await files.handlers['files.remove']({ id });
      },
      'selfTest.start': () => listening.besideNothing(() => diagnostics.handlers['selfTest.start'](undefined)),
      'state.get': async () => readState(),
      'live.start': async () => void (await enhancer.start({ makeRoom })),
      // Asked for first, so that an error of the files is heard; the sound does not wait for a slow disk.
      'live.stop': async () => void (await Promise.all([recordings.stop(), enhancer.stop()])),
      'live.setEngine': async ({ engine }) => {
        settings.check({ engine });
        await enhancer.setEngine(engine);
      },
      'live.setFallback': async ({ fallback }) => void (await licensing.setFallback(fallback)),
      'live.setLevel': async ({ level }) => {
        settings.check({ level });
        enhancer.setLevel(level);
      },
      'live.setBypass': async ({ bypass }) => void enhancer.setBypass(bypass),
      'live.holdBypass': async ({ held }) => void enhancer.holdBypass(held),
      'live.spectra': async () => readSpectra(),
      'live.unmute': async () => void enhancer.unmute(),
      'live.clearClip': async ({ side }) => void enhancer.clearClip(side),
      'live.answer': async ({ yes }) => void (await enhancer.answer(yes)),
      'devices.choose': async ({ direction, id }) => {
        const lock = settings.lockReason(direction);
        if (!lock) return void (await enhancer.choose(direction, id));
        if (id !== enhancer.state[direction].chosen) throw errorOf(lock);
      },
      'devices.rescan': async () => void (await rescan()),
      'permission.openSettings': async () => void (await environment.microphone.openSettings()),
      'licensed.choose': async (changes) => void (await licensing.choose(changes)),
      'token.refresh': async () => void (await licensing.refreshToken()),
      'backend.save': async ({ name, values }) => void (await licensing.backend.save(name, values)),
      'backend.remove': async ({ name }) => void (await licensing.backend.remove(name)),
      'backend.select': async ({ name }) => void (await licensing.backend.select(name)),
      'backend.setCredential': async ({ name, credential }) =>
        void (await licensing.backend.setCredential(name, credential)),
      'signIn.start': async ({ name, method }) => void (await licensing.signIn.start(name, method)),
      'signIn.cancel': async () => void licensing.signIn.cancel(),
      'signIn.end': async ({ name }) => void (await licensing.signIn.end(name)),
      'backend.test': ({ name }) => licensing.test(name, (step) => listeners.emit('backend.tested', { name, step })),
      'settings.change': async (changes) => {
        const written = settings.update(withoutUndefined(changes));
        licensing.followVariables();
        tellState();
        await written;
      },
      'recording.start': async () => {
        await listening.freeRecorder();
        await recordings.start();
      },
      'recording.stop': async () => void (await recordings.stop()),
      'recording.setFolder': async ({ folder }) => void (await recordings.setFolder(folder)),
      'recording.openFolder': async () => void (await recordings.openFolder()),
      'welcome.finish': async () => {
        const written = settings.update({ welcomed: true });
        tellState();
        await written;
      },
      'mishap.dismiss': async () => void environment.mishaps?.dismiss(),
      'shortcuts.record': async ({ recording }) => void environment.desktop?.recordShortcuts(recording),
      'updates.check': async () => void (await requireDesktop().checkForUpdates()),
      'updates.install': async () => {
        if (recordings.state.recording) throw new LimpidError('updates.recording');
        await requireDesktop().installUpdate();
      },
      'help.open': async () => {
        const link = virtualCableLinks[platform];
        if (!link) throw new LimpidError('help.no-sound-server');
        await environment.openExternal(link);
      },
    },
    dispose: () => (disposed ??= dispose()),
  };
}

/** What is left out is no key at all, whatever the way here made of it. */
function withoutUndefined(changes: {
  [Name in keyof Preferences]?: Preferences[Name] | undefined;
}): Partial<Preferences> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function tryNative(): Native | LimpidError {
  try {
    return loadNative();
  } catch (error) {
    return asLimpidError(error);
  }
}

/** The engines that are compiled in. Asking prepares each of them, so it is done once. */
function describeEmbedded(native: Native | null) {
  const describe = <Id extends 'gtcrn' | 'bypass'>(id: Id) => ({
    id,
    bandwidthHz: native?.describeEngine(id).bandwidthHz ?? null,
  });
  return { gtcrn: describe('gtcrn'), bypass: describe('bypass') };
}

/** The licensed engine is as wide as its model, once that is known. */
const widthOf = ({ loaded }: AppState['licensed']): number | null =>
  loaded && loaded.sampleRate < 44_100 ? loaded.sampleRate / 2 : null;

function requirePlatform(platform: NodeJS.Platform): AppState['platform'] {
  if (platform === 'linux' || platform === 'darwin' || platform === 'win32') return platform;
  throw new LimpidError('platform.unsupported', { platform });
}

/** The part of the loop's numbers that moves; the rest is in the state. */
function toLiveNumbers(numbers: LoopNumbers, recordedSeconds: number | null): LiveNumbers {
  return {
    inputPeakDb: numbers.inputPeakDb,
    inputRmsDb: numbers.inputRmsDb,
    outputPeakDb: numbers.outputPeakDb,
    outputRmsDb: numbers.outputRmsDb,
    noiseReductionDb: numbers.noiseReductionDb,
    speechProbability: numbers.speechProbability,
    delay: numbers.delay,
    load: numbers.load,
    underruns: numbers.underruns,
    overruns: numbers.overruns,
    droppedFrames: numbers.droppedFrames,
    insertedFrames: numbers.insertedFrames,
    nonFiniteSamples: numbers.nonFiniteSamples,
    driftPpm: numbers.driftPpm,
    secondsRunning: numbers.secondsRunning,
    realTimePriority: numbers.realTimePriority,
    recordedSeconds,
    counters: numbers.counters,
  };
}
