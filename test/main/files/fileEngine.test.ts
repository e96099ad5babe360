import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EngineSupply, SuppliedEngine } from '../../../src/main/audio/engineSupply.js';
import { loadNative } from '../../../src/main/audio/native.js';
import { FileEngine } from '../../../src/main/files/fileEngine.js';
import type { Notice } from '../../../src/shared/errors.js';
import { buildStandIn } from '../../libaic/build.js';
import * as wav from '../../wavFile.js';
import { openQueue } from './openQueue.js';

/** A supply whose licensed engine is as a test says. */
class ScriptedSupply implements EngineSupply {
  readonly followed: unknown[] = [];
  readonly failures: string[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(public licensed: SuppliedEngine) {}

  become(licensed: SuppliedEngine): void {
    this.licensed = licensed;
    for (const listener of this.#listeners) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  follow = (target: unknown): void => void this.followed.push(target);
  ready = async (): Promise<void> => undefined;
  choose: EngineSupply['choose'] = (engine) =>
    engine === 'aic' ? this.licensed : { choice: { engine }, obstacle: null };
  failed: EngineSupply['failed'] = (error) => {
    this.failures.push(error.code);
    this.become(standIn(error.code));
    return true;
  };
  answered = (): void => undefined;
  onChange: EngineSupply['onChange'] = (listener) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

const because = (code: string): Notice => ({ code, params: {} });
const standIn = (code: string): SuppliedEngine => ({ choice: { engine: 'gtcrn' }, obstacle: because(code) });

describe('the engine of a file', () => {
  const open = (supply: EngineSupply, patienceMs = 10_000) =>
    new FileEngine({ supply, wished: () => ({ engine: 'aic', level: 0.5 }), patienceMs });
  const never = new AbortController().signal;

  test('is waited for while it is on its way, and kept until it is let go', async () => {
    const supply = new ScriptedSupply(standIn('aic.loading'));
    const engine = open(supply);
    const taken = engine.take(never);
    supply.become(standIn('aic.waiting-token'));
    expect(await Promise.race([taken, Promise.resolve('waits')])).toBe('waits');
    supply.become({ choice: { engine: 'aic' }, obstacle: null });
    expect(await taken).toEqual({ choice: { engine: 'aic' }, obstacle: null, level: 0.5 });
    expect(supply.followed).toEqual([{ wished: 'aic', isSounding: true }]);
    engine.release();
    expect(supply.followed.at(-1)).toEqual({ wished: 'bypass', isSounding: false });
    expect(supply.listeners).toBe(0);
  });

  test('is not waited for in vain: what will not pass, what takes too long, what was cancelled', async () => {
    const blocked = open(new ScriptedSupply(standIn('backend.not-configured')));
    expect(await blocked.take(never)).toMatchObject({
      choice: { engine: 'gtcrn' },
      obstacle: { code: 'backend.not-configured' },
    });
    const slow = open(new ScriptedSupply(standIn('aic.loading')), 20);
    expect(await slow.take(never)).toMatchObject({ obstacle: { code: 'aic.loading' } });
    const cancelled = new AbortController();
    const waiting = open(new ScriptedSupply(standIn('aic.loading'))).take(cancelled.signal);
    cancelled.abort();
    expect(await waiting).toMatchObject({ obstacle: { code: 'aic.loading' } });
  });

  test('is no copy: where the unchanged voice would stand in, the reason is told', async () => {
    const unchanged = { choice: { engine: 'bypass' as const }, obstacle: because('aic.no-model') };
    await expect(open(new ScriptedSupply(unchanged)).take(never)).rejects.toMatchObject({ code: 'aic.no-model' });
  });
});

describe('a file of the queue', () => {
  let source: string;
  const samples = wav.makeNoise(4800, 0.2);

  beforeEach(async () => {
    source = await mkdtemp(join(tmpdir(), 'limpid-source-'));
    await writeFile(join(source, 'a.wav'), wav.makeWav(samples, { sampleRate: 48_000, channels: 1, bits: 16 }));
  });
  afterEach(() => rm(source, { recursive: true, force: true }));

  const enhance = async (supply: ScriptedSupply, patienceMs = 1000) => {
    const rig = await openQueue({ supply, patienceMs });
    rig.live.engine = 'aic';
    await rig.queue.add([join(source, 'a.wav')]);
    const [item] = await rig.idle();
    await rig.close();
    return item!;
  };

  test('says which engine stood in, and why', async () => {
    const item = await enhance(new ScriptedSupply(standIn('backend.not-configured')));
    expect(item).toMatchObject({
      status: 'done',
      result: { engine: 'gtcrn' },
      notice: { code: 'files.stood-in', params: { reason: { code: 'backend.not-configured' } } },
    });
  });

  test('took as long as the work on it: waiting for an engine is none', async () => {
    // The sound is a tenth of a second long.
    const item = await enhance(new ScriptedSupply(standIn('aic.loading')), 500);
    expect(item.result!.realTimeFactor).toBeLessThan(4);
  });

  test('fails with the reason where nothing stands in', async () => {
    const item = await enhance(new ScriptedSupply({ choice: { engine: 'bypass' }, obstacle: because('aic.no-model') }));
    expect(item).toMatchObject({ status: 'failed', notice: { code: 'aic.no-model' } });
    expect(await readdir(source)).toEqual(['a.wav']);
  });

  test('goes on with the engine that stands in when the licensed one cannot be made', async () => {
    const { libraryPath, modelPath } = buildStandIn();
    const licensed = new (loadNative().LicensedEngine)({ libraryPath, modelPath });
    await licensed.load();
    // It was never given a token.
    const supply = new ScriptedSupply({ choice: { engine: 'aic', licensed, fallback: 'gtcrn' }, obstacle: null });
    const item = await enhance(supply);
    await licensed.close();
    expect(supply.failures).toEqual(['aic.no-token']);
    expect(item).toMatchObject({ status: 'done', result: { engine: 'gtcrn' }, notice: { code: 'files.stood-in' } });
    expect(await readdir(source)).toEqual(['a (enhanced).wav', 'a.wav']);
  });
});
