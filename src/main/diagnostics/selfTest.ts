import type { RoundTripOptions, RoundTripResult } from '../../../native/index.js';
import { selfTestSeconds, type SelfTestResult, type SelfTestView } from '../../shared/diagnostics.js';
import { LimpidError, type Notice } from '../../shared/errors.js';
import type { AppState, Device } from '../../shared/state.js';
import { limpidSourceName } from '../audio/deviceKind.js';
import { deviceSpec, type DeviceCatalog } from '../audio/devices.js';
import { findWished, virtualOutput, type LiveWishes } from '../audio/livePlan.js';
import { asLimpidError, type DeviceSpec, type Native } from '../audio/native.js';
import type { VirtualMicrophone } from '../audio/virtualMicrophone.js';

/** Loud enough to be heard over a room, and not enough to hurt. */
const usualLevelDb = -20;
const lookEveryMs = 250;
/** Opening and closing of both devices have their own limits in the native core; beyond all of them the test is given up. */
const graceMs = 20_000;
/** How long the sound that is switched on waits for the devices of the test. */
const giveWayMs = 3000;

/** Of the chirps that were played, so many must be heard. */
const enoughHeard = 0.9;
/** Chirps are this far above what is between them, or a voice would not be either. */
const clearDb = 12;
const clippedDb = -3;
/** Later than this a person notices; a Bluetooth headset is. */
const lateMs = 150;

export interface SelfTestOptions {
  /** Null: there is no native core. */
  native: Pick<Native, 'RoundTrip'> | null;
  catalog: Pick<DeviceCatalog, 'devices'>;
  virtualMicrophone: Pick<VirtualMicrophone, 'create'>;
  wishes(): Pick<LiveWishes, 'input' | 'output'>;
  phase(): AppState['phase'];
  microphone: {
    status(): AppState['microphonePermission'];
    request(): Promise<AppState['microphonePermission']>;
  };
  changed(): void;
  /** Length, 5..60; default 30. */
  seconds?: number;
  /** Peak of the chirps in dBFS; default −20. */
  levelDb?: number;
  /** How a device is opened; default: as the live voice does. */
  toSpec?(device: Device): DeviceSpec;
}

/** The two ends of a test, for opening and for reading. */
interface Ends {
  input: DeviceSpec;
  output: DeviceSpec;
  inputName: string;
  outputName: string;
  isVirtual: boolean;
}

type Ending = 'stopped' | 'sound-started';

/** Plays chirps to the chosen output and listens at the chosen microphone. It never runs beside the live voice. */
export class SelfTest {
  readonly #options: SelfTestOptions;
  #running: { seconds: number; totalSeconds: number } | null = null;
  #last: SelfTestResult | null = null;
  /** The test under way, from its very beginning; `over` settles when its devices are closed, and never rejects. */
  #underWay: { ending: AbortController; over: Promise<void> } | null = null;

  constructor(options: SelfTestOptions) {
    this.#options = options;
  }

  get view(): SelfTestView {
    return { running: this.#running, last: this.#last };
  }

  /**
   * Runs a test. Resolves with what came of it, null when it was stopped. Rejects with `selfTest.*`, `permission.denied`, `output.*` or the
   * device's error.
   */
  async start(): Promise<SelfTestResult | null> {
    const { native, seconds = selfTestSeconds, levelDb = usualLevelDb, phase } = this.#options;
    if (!native) throw new LimpidError('native.missing', { detail: '' });
    if (this.#running) throw new LimpidError('selfTest.busy');
    if (phase() !== 'off' && phase() !== 'failed') throw new LimpidError('selfTest.sound-on');
    this.#show({ seconds: 0, totalSeconds: seconds });
    const ending = new AbortController();
    const work = this.#perform(native, { seconds, levelDb }, ending.signal).finally(() => {
      this.#underWay = null;
      this.#show(null);
    });
    const ignore = (): void => undefined;
    this.#underWay = { ending, over: work.then(ignore, ignore) };
    return work;
  }

  /** Ends the test under way; does nothing without one. */
  async stop(): Promise<void> {
    await this.#end('stopped');
  }

  /** Ends the test because the voice is switched on, which comes first. Waits at most 3 s for the devices. */
  async giveWay(): Promise<void> {
    if (!this.#underWay) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, giveWayMs)));
    await Promise.race([this.#end('sound-started'), late]);
    clearTimeout(timer);
  }

  async #end(why: Ending): Promise<void> {
    this.#underWay?.ending.abort(why);
    await this.#underWay?.over;
  }

  /** Null: it was stopped. */
  async #perform(
    native: Pick<Native, 'RoundTrip'>,
    length: Pick<RoundTripOptions, 'seconds' | 'levelDb'>,
    signal: AbortSignal,
  ): Promise<SelfTestResult | null> {
    try {
      // A person may take their time to answer the question for the permission.
      const found = this.#requirePermission().then(() => this.#findEnds());
      const ends = await Promise.race([found, untilEnded(signal)]);
      signal.throwIfAborted();
      const { input, output } = ends;
      const result = await this.#run(native, { input, output, ...length }, signal);
      this.#last = { ...factsOf(result, ends), ...judge(result, ends) };
      return this.#last;
    } catch (cause) {
      if (!signal.aborted) throw cause;
      if (cause instanceof LimpidError && cause.code === 'selfTest.hung') throw cause;
      if (signal.reason === 'sound-started') throw new LimpidError('selfTest.sound-started', {}, { cause });
      return null;
    }
  }

  async #run(
    native: Pick<Native, 'RoundTrip'>,
    options: RoundTripOptions,
    signal: AbortSignal,
  ): Promise<RoundTripResult> {
    // The sound may have been switched on while the permission was asked for.
    const { phase } = this.#options;
    if (phase() !== 'off' && phase() !== 'failed') throw new LimpidError('selfTest.sound-started');
    const roundTrip = new native.RoundTrip(options);
    const cancel = (): void => roundTrip.cancel();
    signal.addEventListener('abort', cancel);
    let deadline: NodeJS.Timeout | undefined;
    const hung = new Promise<never>((_, reject) => {
      const giveUp = (): void => {
        cancel();
        reject(new LimpidError('selfTest.hung'));
      };
      deadline = setTimeout(giveUp, options.seconds * 1000 + graceMs);
    });
    const look = setInterval(() => this.#look(roundTrip), lookEveryMs);
    try {
      return await Promise.race([roundTrip.run(), hung]);
    } catch (cause) {
      throw asLimpidError(cause);
    } finally {
      clearTimeout(deadline);
      clearInterval(look);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** In whole seconds: windows need no more. */
  #look(roundTrip: { progress(): { secondsDone: number } }): void {
    if (!this.#running) return;
    const { totalSeconds, seconds: before } = this.#running;
    const seconds = Math.min(totalSeconds, Math.floor(roundTrip.progress().secondsDone));
    if (seconds !== before) this.#show({ seconds, totalSeconds });
  }

  #show(running: SelfTestView['running']): void {
    this.#running = running;
    this.#options.changed();
  }

  async #requirePermission(): Promise<void> {
    const { microphone } = this.#options;
    const status = microphone.status();
    const answer = status === 'undetermined' ? await microphone.request() : status;
    if (answer === 'denied') throw new LimpidError('permission.denied');
  }

  async #findEnds(): Promise<Ends> {
    const { catalog, virtualMicrophone, wishes, toSpec = deviceSpec } = this.#options;
    const { input: inputWish, output: outputWish } = wishes();
    if (!outputWish) throw new LimpidError('output.not-chosen');
    if (outputWish.id === virtualOutput.id) {
      const sink = await virtualMicrophone.create();
      return {
        input: { kind: 'pulse', name: limpidSourceName },
        output: { kind: 'pulse', name: sink },
        inputName: virtualOutput.name,
        outputName: virtualOutput.name,
        isVirtual: true,
      };
    }
    const output = findWished(outputWish, 'output', catalog.devices);
    if (!output) throw new LimpidError('device.lost', { name: outputWish.name });
    const input = findWished(inputWish, 'input', catalog.devices);
    if (!input && inputWish && inputWish.id !== 'default')
      throw new LimpidError('device.lost', { name: inputWish.name });
    if (!input) throw new LimpidError('selfTest.no-microphone');
    return {
      input: toSpec(input),
      output: toSpec(output),
      inputName: input.name,
      outputName: output.name,
      isVirtual: false,
    };
  }
}

const untilEnded = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new LimpidError('cancelled'))));

const factsOf = (
  { chirpsHeard, chirpsPlayed, roundTripMs, jitterMs, gaps, gapSeconds, signalDb, noiseDb }: RoundTripResult,
  { inputName, outputName }: Ends,
) => ({
  heard: chirpsHeard,
  played: chirpsPlayed,
  roundTripMs,
  jitterMs,
  gaps,
  gapSeconds,
  signalDb,
  noiseDb,
  inputName,
  outputName,
});

/** What the numbers mean, the worst first, and what to do. Only what is fine passes. */
export function judge(result: RoundTripResult, ends: Pick<Ends, 'inputName' | 'outputName' | 'isVirtual'>) {
  const verdict = findFault(result, ends);
  return { verdict: verdict ?? fineNotice(result), passed: verdict === null };
}

function findFault(
  { chirpsHeard, chirpsPlayed, roundTripMs, gaps, gapSeconds, signalDb, noiseDb }: RoundTripResult,
  { inputName, outputName, isVirtual }: Pick<Ends, 'inputName' | 'outputName' | 'isVirtual'>,
): Notice | null {
  if (chirpsHeard === 0 && isVirtual) return { code: 'selfTest.virtual-silent', params: {} };
  if (chirpsHeard === 0) return { code: 'selfTest.nothing-heard', params: { input: inputName, output: outputName } };
  const isUnclear = signalDb !== null && noiseDb !== null && signalDb - noiseDb < clearDb;
  const isQuiet = chirpsHeard < enoughHeard * chirpsPlayed || isUnclear;
  const isLate = roundTripMs !== null && roundTripMs > lateMs;
  const missing = { count: gaps, seconds: roundTenth(gapSeconds) };
  const heard = { input: inputName, heard: chirpsHeard, played: chirpsPlayed };
  const late = { delayMs: Math.round(roundTripMs ?? 0) };
  // Inside the computer the reasons are others: nothing is played in a room, and no device is in between.
  if (gaps > 0) return { code: isVirtual ? 'selfTest.virtual-gaps' : 'selfTest.gaps', params: missing };
  if (isQuiet) return { code: isVirtual ? 'selfTest.virtual-quiet' : 'selfTest.too-quiet', params: heard };
  if (signalDb !== null && signalDb > clippedDb) return { code: 'selfTest.too-loud', params: { input: inputName } };
  if (isLate) return { code: isVirtual ? 'selfTest.virtual-late' : 'selfTest.late', params: late };
  return null;
}

const fineNotice = ({ roundTripMs }: RoundTripResult): Notice => ({
  code: 'selfTest.fine',
  params: { delayMs: Math.round(roundTripMs ?? 0) },
});

const roundTenth = (value: number): number => Math.max(0.1, Math.round(value * 10) / 10);
