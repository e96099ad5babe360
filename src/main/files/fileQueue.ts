import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallArgument, CallName, CallValue } from '../../shared/contract.js';
import { errorOf, LimpidError, noticeOf, type Notice } from '../../shared/errors.js';
import type { FileItem, FileOptions, FileStatus, FilesView } from '../../shared/files.js';
import { toErrorShape } from '../../shared/messages/index.js';
import { Refusals } from '../../shared/refusals.js';
import { isNameOfResult } from '../../shared/namePattern.js';
import { hasSoundEnding } from '../../shared/soundEndings.js';
import { asLimpidError } from '../audio/native.js';
import type { SettingsStore } from '../settings/settings.js';
import { Addition } from './addition.js';
import { Batch, guessSeconds } from './batch.js';
import { isWav } from './enhanceSound.js';
import { Ffmpeg } from './ffmpeg.js';
import type { FileEngine, FileEngineChoice } from './fileEngine.js';
import { enhanceToItsPlace, inWordsOf, type FinishedFile } from './fileJob.js';
import { walkFolder } from './folderWalk.js';
import { HeardSounds, type HeardPaths } from './heardSounds.js';
import { checkPattern, fillPattern } from './outputName.js';
import { identify, type FileIdentity } from './outputPlace.js';
import {
  OutputExists,
  OutputSkipped,
  planOutput,
  type Answer,
  type GivenAnswer,
  type KnownOutput,
} from './outputPlan.js';
import { Pace } from './pace.js';
import { checkOutputFolder, findRefusal, requireInput } from './pathChecks.js';
import { receive } from './receive.js';
import { Teller, type QueueListener } from './teller.js';
import { WorkFolder } from './workFolder.js';

/** Files on the list at a time. */
const maxFiles = 10_000;
/** How long the end of Limpid waits for a file that is being worked on. */
const farewellMs = 3000;
const usualBreathMs = 2000;
/** Leftovers of an earlier run and ffmpeg are looked for by then, or when the first file comes. */
const prepareMs = 2000;
/** What is dropped at once comes in parts, which follow one another so soon. */
const betweenPartsMs = 250;

type FileCall = Extract<CallName, `files.${string}`>;

export interface FileQueueOptions extends QueueListener {
  engine: FileEngine;
  settings: Pick<SettingsStore, 'values' | 'update'>;
  /** Where what came through a browser goes unless a folder was chosen. */
  folderForReceived(): string;
  /** Private folders for what lives no longer than the process are made in here. */
  workParent: string;
  /** Shows a folder to the person. */
  openFolder(path: string): Promise<void>;
  findFfmpeg?: () => Promise<Ffmpeg | null>;
  work?: WorkFolder;
  /** An answer for all holds on over a pause of that length, such as that between two files that a browser sends. */
  breathMs?: number;
}

/** One file of the list, as this side knows it. */
interface Entry {
  item: FileItem;
  path: string;
  bytes: number;
  /** Ours: it came through a browser, and goes when it leaves the list. */
  isReceived: boolean;
  /** Set while it is worked on. */
  run: AbortController | null;
  /** Resolves when the last work on it is over. */
  ended: Promise<void>;
  pace: Pace;
  /** Of the original, as it was when work on it began. */
  identity: FileIdentity | null;
  /** The output that it asks about, while it asks. */
  asks: KnownOutput | null;
  answer: GivenAnswer | null;
  placed: KnownOutput | null;
  /** Whether the native core reads original and output by itself, so that the player needs no others. */
  isPlayable: boolean;
}

/** The files to enhance: one at a time, in the order they were added. A file that fails does so by itself. */
export class FileQueue {
  readonly #options: FileQueueOptions;
  readonly #work: WorkFolder;
  readonly #entries = new Map<string, Entry>();
  /** What crashed processes left is gone, and ffmpeg was looked for. */
  #prepared: Promise<unknown> | null = null;
  readonly #preparing: NodeJS.Timeout;
  readonly #heard: HeardSounds;
  readonly #walks = new Set<AbortController>();
  /** Of the walks that are under way, or were the last. */
  #addition = new Addition(maxFiles);
  #addedAtMs = -Infinity;
  /** Where this process put outputs: they are no originals. */
  readonly #outputs = new Set<string>();
  /** What was said for all files that ask, until nothing is left to do. */
  #forAll: Answer | null = null;
  #restedAtMs = -Infinity;
  #ffmpeg: Ffmpeg | null = null;
  #arriving = 0;
  #notice: Notice | null = null;
  #view: Omit<FilesView, 'options'> | null = null;
  /** Since the queue was empty. */
  #batch = new Batch();
  #isWorking = false;
  #working: Promise<void> = Promise.resolve();
  /** Aborted at the end of Limpid. */
  readonly #ending = new AbortController();
  readonly #teller: Teller;

  constructor(options: FileQueueOptions) {
    this.#options = options;
    this.#teller = new Teller(() => this.#items(), options);
    this.#work = options.work ?? new WorkFolder(options.workParent);
    this.#heard = new HeardSounds(async () => ({ ffmpeg: await this.#lookForFfmpeg(), work: this.#work }));
    this.#preparing = setTimeout(() => void this.#prepare(), prepareMs);
    this.#preparing.unref();
  }

  /** The queue as a whole. */
  get view(): FilesView {
    this.#view ??= {
      arriving: this.#arriving,
      counts: this.#count(),
      progress: this.#batch.progress,
      secondsLeft: this.#isWorking ? this.#batch.secondsLeft : null,
      ffmpegVersion: this.#ffmpeg?.version ?? null,
      notice: this.#notice,
    };
    // An administrator may change them at any moment.
    return { ...this.#view, options: this.#options.settings.values.files };
  }

  readonly handlers: { [Name in FileCall]: (argument: CallArgument<Name>) => Promise<CallValue<Name>> } = {
    'files.list': async () => [...this.#items()],
    'files.add': async ({ paths }) => void (await this.add(paths)),
    'files.cancel': async ({ id }) => void this.cancel(id),
    'files.retry': async ({ id }) => void this.retry(id),
    'files.remove': async ({ id }) => void this.remove(id),
    'files.answer': async ({ id, answer, forAll }) => void this.answer(id, answer, forAll),
    'files.setOptions': async (changes) => void (await this.setOptions(changes)),
    'files.openFolder': async ({ id }) => void (await this.openFolder(id)),
    'files.leaveSound': async ({ id }) => void this.#heard.leave(id),
    'files.dismiss': async () => void this.dismiss(),
  };

  /**
   * Adds files and what is in folders; resolves when all was looked through. What is left out is told by the view. Rejects with
   * `files.path-*` where a path cannot be taken, or `files.some-refused` where several cannot; the others are added all the same.
   */
  async add(paths: readonly string[]): Promise<void> {
    const refusals = new Refusals();
    const good = paths.filter((path) => {
      const refusal = findRefusal(path);
      if (refusal) refusals.add(toErrorShape(refusal));
      return !refusal;
    });
    if (good.length > 0) await this.#addAll(good);
    if (refusals.error) throw errorOf({ code: refusals.error.code, params: refusals.error.params ?? {} });
  }

  async #addAll(paths: readonly string[]): Promise<void> {
    const walk = new AbortController();
    const isLater = performance.now() - this.#addedAtMs > betweenPartsMs;
    if (this.#walks.size === 0 && isLater) this.#addition = new Addition(maxFiles);
    const addition = this.#addition;
    addition.begin(this.#walks.size === 0, this.#pathsUnderWay);
    this.#walks.add(walk);
    this.#stir();
    this.#arriving += 1;
    this.#changed();
    try {
      for (const path of paths) {
        if (walk.signal.aborted) break;
        await this.#addPath(path, addition, walk.signal);
      }
    } finally {
      if (walk.signal.aborted) addition.isAborted = true;
      this.#walks.delete(walk);
      this.#arriving -= 1;
      this.#addedAtMs = performance.now();
      this.#notice = addition.notice;
      this.#rest();
      this.#changed();
    }
  }

  /**
   * Takes a file that comes through a browser. Resolves when it is on the list. Rejects with `files.not-sound`, `files.too-large`,
   * `files.receive-failed` or `file.disk-full`; nothing of it is kept then.
   * @param bytes its size as its sender says; null: nobody knows
   */
  async receive(name: string, stream: AsyncIterable<Uint8Array>, bytes: number | null = null): Promise<void> {
    this.#stir();
    this.#arriving += 1;
    this.#changed();
    try {
      if (this.#isDisposed) throw new LimpidError('cancelled');
      if (this.#entries.size >= maxFiles) throw new LimpidError('files.limit', { count: maxFiles });
      const received = await receive(name, stream, bytes, this.#work);
      if (this.#isDisposed) throw new LimpidError('cancelled');
      this.#insert({ ...received, isReceived: true });
    } finally {
      this.#arriving -= 1;
      this.#rest();
      this.#changed();
    }
  }

  /** Ends at once what waits, asks or runs; nothing half is left. Null: all of that, and looking through folders. */
  cancel(id: string | null): void {
    if (id === null) for (const walk of this.#walks) walk.abort();
    for (const entry of this.#pick(id, ['waiting', 'asks', 'running'])) this.#giveUp(entry, null);
    this.#rest();
  }

  /** What failed or was cancelled waits again, in its old place. */
  retry(id: string | null): void {
    for (const entry of this.#pick(id, ['failed', 'cancelled'])) {
      entry.answer = null;
      this.#enqueue(entry);
    }
  }

  /** Takes a file off the list, or all that are through; one that runs is cancelled first. */
  remove(id: string | null): void {
    const through: FileStatus[] = ['done', 'failed', 'cancelled'];
    for (const entry of this.#pick(id, id === null ? through : [...through, 'waiting', 'asks', 'running'])) {
      if (!through.includes(entry.item.status)) this.#giveUp(entry, null);
      this.#entries.delete(entry.item.id);
      this.#teller.remove(entry.item.id);
      void this.#removeOwn(entry);
    }
    if (this.#entries.size === 0) this.#notice = null;
    this.#rest();
    this.#changed();
  }

  /**
   * Says what to do with an output that is there already. `forAll`: also for all others that ask, or will before nothing is left to do,
   * wherever their outputs go while the options stay the same. Throws `files.not-asking`.
   */
  answer(id: string, what: Answer, forAll: boolean): void {
    const [asked] = this.#pick(id, ['asks']);
    if (!asked) throw new LimpidError('files.not-asking');
    if (forAll) this.#forAll = what;
    for (const entry of forAll ? this.#pick(null, ['asks']) : [asked]) {
      if (what === 'skip') this.#giveUp(entry, { code: 'files.skipped', params: {} });
      else {
        // Of the others, nobody saw which output they ask about: what was said for all holds for them.
        if (entry === asked && entry.asks) entry.answer = { what, about: entry.asks };
        this.#enqueue(entry);
      }
    }
    this.#rest();
  }

  /** Takes the notice away. */
  dismiss(): void {
    this.#notice = null;
    this.#addedAtMs = -Infinity;
    this.#changed();
  }

  /** Rejects with `files.pattern-*`, `files.folder-*` or `settings.unwritable`. */
  async setOptions(changes: { [Field in keyof FileOptions]?: FileOptions[Field] | undefined }): Promise<void> {
    const { settings } = this.#options;
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const wanted: FileOptions = { ...settings.values.files, ...Object.fromEntries(given) };
    checkPattern(wanted);
    if (changes.folder) await checkOutputFolder(changes.folder);
    // It was said of outputs that go elsewhere.
    this.#forAll = null;
    const written = settings.update({ files: wanted });
    this.#changed();
    await written;
  }

  /** Rejects with `files.no-result` or `files.cannot-open`. */
  async openFolder(id: string): Promise<void> {
    const { result } = this.#require(id).item;
    if (!result) throw new LimpidError('files.no-result');
    const folder = dirname(result.path);
    await this.#options.openFolder(folder).catch((cause: unknown) => {
      throw new LimpidError('files.cannot-open', { folder }, { cause });
    });
  }

  /**
   * The WAV files of a file that is done, before and after; those of another format are made when first asked for, and gone when
   * another one is. Resolves with null when there is no such file, or it is not done. Rejects with `files.*`, `file.*` or `cancelled`.
   */
  async pathsOf(id: string): Promise<HeardPaths | null> {
    const entry = this.#entries.get(id);
    const enhanced = entry?.item.result?.path;
    if (!entry || enhanced === undefined) return null;
    const paths = { original: entry.path, enhanced };
    return entry.isPlayable ? paths : this.#heard.pathsOf(id, paths);
  }

  /** Cancels all, takes away what was only kept for this run; within some seconds, whatever a disk does. */
  async dispose(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#preparing);
    this.#teller.stop();
    this.cancel(null);
    const ended = Promise.all([this.#working, this.#heard.forget()]).then(() => this.#work.remove());
    await Promise.race([ended, sleep(farewellMs, undefined, { ref: false })]);
  }

  async #addPath(path: string, addition: Addition, signal: AbortSignal): Promise<void> {
    const facts = await stat(path).catch(() => null);
    if (!facts?.isDirectory()) {
      // A sound that is gone is added all the same: it says so by itself.
      if (hasSoundEnding(path)) this.#addFile({ path, bytes: facts?.size ?? 0 }, addition);
      else addition.strangers += 1;
      return;
    }
    const { pattern } = this.#options.settings.values.files;
    const walked = walkFolder(path, { signal, unread: (folder) => (addition.unread ??= folder) });
    for await (const found of walked) {
      const isResult = this.#outputs.has(found.path) || isNameOfResult(basename(found.path), pattern, found.names);
      if (isResult) addition.results += 1;
      else this.#addFile(found, addition);
      if (this.#entries.size >= maxFiles) return;
    }
  }

  #addFile({ path, bytes }: { path: string; bytes: number }, addition: Addition): void {
    if (this.#isDisposed) return;
    if (addition.isKnown(path)) addition.doubles += 1;
    else if (this.#entries.size >= maxFiles) addition.isFull = true;
    else {
      addition.added += 1;
      this.#insert({ path, bytes, name: basename(path), isReceived: false });
    }
  }

  #insert({ path, bytes, name, isReceived }: { path: string; bytes: number; name: string; isReceived: boolean }): void {
    const item: FileItem = {
      id: randomUUID(),
      name,
      folder: isReceived ? null : dirname(path),
      status: 'waiting',
      progress: 0,
      speed: null,
      secondsLeft: null,
      result: null,
      notice: null,
    };
    const entry: Entry = {
      item,
      path,
      bytes,
      isReceived,
      run: null,
      ended: Promise.resolve(),
      pace: new Pace(),
      identity: null,
      asks: null,
      answer: null,
      placed: null,
      isPlayable: false,
    };
    this.#entries.set(item.id, entry);
    this.#enqueue(entry);
  }

  #enqueue(entry: Entry): void {
    if (!this.#isBusy) this.#batch = new Batch();
    this.#stir();
    this.#batch.add(entry.item.id, guessSeconds(entry.item.name, entry.bytes));
    entry.asks = null;
    this.#become(entry, { status: 'waiting', progress: 0, speed: null, secondsLeft: null, result: null, notice: null });
    if (!this.#isWorking) this.#working = this.#workThrough();
  }

  get #isDisposed(): boolean {
    return this.#ending.signal.aborted;
  }

  get #isBusy(): boolean {
    if (this.#isWorking) return true;
    for (const { item } of this.#entries.values()) if (item.status === 'asks') return true;
    return false;
  }

  /** Something is to be done: what was said for all holds on only if the pause was short. */
  #stir(): void {
    const { breathMs = usualBreathMs } = this.#options;
    if (performance.now() - this.#restedAtMs > breathMs) this.#forAll = null;
    this.#restedAtMs = Infinity;
  }

  /** Notes when nothing is left to do. */
  #rest(): void {
    if (this.#isBusy || this.#arriving > 0) this.#restedAtMs = Infinity;
    else if (this.#restedAtMs === Infinity) this.#restedAtMs = performance.now();
  }

  #giveUp(entry: Entry, notice: Notice | null): void {
    entry.run?.abort();
    entry.run = null;
    entry.answer = null;
    entry.asks = null;
    this.#become(entry, { status: 'cancelled', speed: null, secondsLeft: null, notice });
    this.#batch.giveUp(entry.item.id);
  }

  /** Works on one file after the other until none waits. Never rejects. */
  async #workThrough(): Promise<void> {
    this.#isWorking = true;
    this.#batch.resume();
    await this.#prepare();
    for (let entry = this.#next; entry; entry = this.#next) {
      entry.ended = this.#workOn(entry);
      await entry.ended;
    }
    this.#isWorking = false;
    this.#rest();
    this.#options.engine.release();
    this.#changed();
  }

  get #next(): Entry | null {
    if (this.#isDisposed) return null;
    for (const entry of this.#entries.values()) if (entry.item.status === 'waiting') return entry;
    return null;
  }

  async #workOn(entry: Entry): Promise<void> {
    const run = new AbortController();
    entry.run = run;
    entry.pace = new Pace();
    this.#become(entry, { status: 'running' });
    try {
      const enhanced = this.#enhance(entry, run.signal);
      // Where we keep what came through a browser says nothing to a person.
      const told = entry.isReceived ? enhanced.catch(inWordsOf(entry.path, entry.item.name)) : enhanced;
      const { result, notice } = await told;
      // Cancelled in the very moment in which it was done: the output is there.
      if (entry.run !== run && entry.item.status !== 'cancelled') return;
      this.#become(entry, { status: 'done', progress: 1, speed: null, secondsLeft: null, result, notice });
    } catch (error) {
      if (entry.run !== run) return;
      const status = error instanceof OutputExists ? 'asks' : error instanceof OutputSkipped ? 'cancelled' : 'failed';
      const notice = noticeOf(asLimpidError(error));
      this.#become(entry, { status, progress: 0, speed: null, secondsLeft: null, notice });
      entry.answer = null;
      if (error instanceof OutputExists) entry.asks = error.about;
      else this.#batch.giveUp(entry.item.id);
      return;
    } finally {
      if (entry.run === run) entry.run = null;
    }
    entry.answer = null;
    this.#batch.set(entry.item.id, 1);
    this.#changed();
  }

  /** Rejects with all that a file can fail with. */
  async #enhance(entry: Entry, signal: AbortSignal): Promise<FinishedFile> {
    const identity = await requireInput(entry.path);
    entry.identity = identity;
    entry.placed = null;
    const tools = { ffmpeg: isWav(entry.path) ? this.#ffmpeg : await this.#lookForFfmpeg(), work: this.#work };
    const finished = await enhanceToItsPlace({
      path: entry.path,
      name: entry.item.name,
      engine: this.#options.engine,
      tools,
      signal,
      plan: (taken) => this.#planOutput(entry, identity, taken),
      onProgress: (share, seconds) => this.#follow(entry, signal, share, seconds),
    });
    const { path } = finished.result;
    entry.isPlayable = finished.isPlayable;
    this.#outputs.add(path);
    entry.placed = { path, identity: (await identify(path).catch(() => null)) ?? '' };
    return finished;
  }

  /** Rejects as `planOutput` does. */
  #planOutput(entry: Entry, input: FileIdentity, { choice }: FileEngineChoice): ReturnType<typeof planOutput> {
    const { settings, folderForReceived } = this.#options;
    const { folder, pattern } = settings.values.files;
    const ending = extname(entry.item.name);
    const name = fillPattern(pattern, {
      name: basename(entry.item.name, ending),
      engine: choice.engine,
      at: new Date(),
    });
    const path = join(folder ?? entry.item.folder ?? folderForReceived(), name + ending);
    const others = [...this.#entries.values()].filter((other) => other !== entry);
    return planOutput({ path, input, answer: entry.answer, forAll: this.#forAll }, others);
  }

  #follow(entry: Entry, signal: AbortSignal, share: number, seconds: number | null): void {
    if (signal.aborted || share < entry.item.progress) return;
    const { pace } = entry;
    if (seconds !== null) pace.add(share * seconds);
    this.#become(entry, {
      progress: Math.min(round(share, 1000), 1),
      speed: pace.perSecond === null ? null : round(pace.perSecond, 10),
      secondsLeft: seconds === null ? null : pace.secondsFor((1 - share) * seconds),
    });
    this.#batch.set(entry.item.id, share, seconds);
    this.#changed();
  }

  async #removeOwn(entry: Entry): Promise<void> {
    await this.#heard.forget(entry.item.id);
    if (!entry.isReceived) return;
    // A file that is open cannot be removed everywhere.
    await entry.ended;
    // In a folder of its own.
    await rm(dirname(entry.path), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }

  /** Once. The start of Limpid has other things to do first. */
  #prepare(): Promise<unknown> {
    clearTimeout(this.#preparing);
    this.#prepared ??= Promise.all([this.#work.removeLeftovers(), this.#lookForFfmpeg()]);
    return this.#prepared;
  }

  async #lookForFfmpeg(): Promise<Ffmpeg | null> {
    if (this.#ffmpeg) return this.#ffmpeg;
    this.#ffmpeg = await (this.#options.findFfmpeg ?? Ffmpeg.find)();
    if (this.#ffmpeg) this.#changed();
    return this.#ffmpeg;
  }

  #require(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new LimpidError('files.unknown');
    return entry;
  }

  #pick(id: string | null, statuses: readonly FileStatus[]): Entry[] {
    const entries = id === null ? [...this.#entries.values()] : [this.#require(id)];
    return entries.filter(({ item }) => statuses.includes(item.status));
  }

  *#items(): Generator<FileItem> {
    for (const { item } of this.#entries.values()) yield item;
  }

  get #pathsUnderWay(): string[] {
    return [...this.#entries.values()].filter(({ item }) => isUnderWay(item.status)).map(({ path }) => path);
  }

  #count(): FilesView['counts'] {
    const counts = { waiting: 0, running: 0, asks: 0, done: 0, failed: 0, cancelled: 0 };
    for (const { item } of this.#entries.values()) counts[item.status] += 1;
    return counts;
  }

  #become(entry: Entry, changes: Partial<FileItem>): void {
    entry.item = { ...entry.item, ...changes };
    if (!this.#entries.has(entry.item.id)) return;
    this.#teller.change(entry.item.id);
    this.#changed();
  }

  #changed(): void {
    this.#view = null;
    this.#teller.tellSoon();
  }
}

const isUnderWay = (status: FileStatus): boolean => status === 'waiting' || status === 'running' || status === 'asks';

const round = (value: number, parts: number): number => Math.round(value * parts) / parts;
