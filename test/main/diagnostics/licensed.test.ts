import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCheck } from '../../../src/main/diagnostics/check.js';
import { backendCheck, libaicCheck, modelCheck } from '../../../src/main/diagnostics/licensed.js';
import { FaultyBackend } from '../../fakes/faultyBackend.js';
import { buildStandIn, type StandIn } from '../../libaic/build.js';

const credential = 'credential-7f3a-must-not-show';

let backend: FaultyBackend;
let standIn: StandIn;
let folder = '';

beforeAll(async () => {
  standIn = buildStandIn();
  backend = await FaultyBackend.start();
  folder = mkdtempSync(join(tmpdir(), 'limpid-licensed-'));
}, 60_000);

afterAll(async () => {
  await backend.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  vi.stubEnv('LIMPID_CONFIG', join(folder, 'settings.json'));
  vi.stubEnv('LIMPID_DATA_DIR', join(folder, 'data'));
  vi.stubEnv('LIMPID_BACKEND_URL', undefined);
  vi.stubEnv('LIMPID_BACKEND_CREDENTIAL', undefined);
  vi.stubEnv('AIC_LIB_PATH', undefined);
  vi.stubEnv('LIMPID_AIC_MODEL', undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  backend.fault = 'none';
});

describe('the check of the backend', () => {
  const check = async () => {
    vi.stubEnv('LIMPID_BACKEND_URL', backend.url);
    vi.stubEnv('LIMPID_BACKEND_CREDENTIAL', credential);
    const result = await runCheck(backendCheck);
    for (const secret of [credential, ...backend.tokens]) expect(JSON.stringify(result)).not.toContain(secret);
    return result;
  };

  test('fetches a token', async () => {
    expect(await check()).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/“variables” gave a token within \d+ ms/),
    });
    expect(backend.requests.at(-1)?.headers.authorization).toBe(`Bearer ${credential}`);
  });

  test('says what the backend did wrong', async () => {
    backend.fault = '401';
    expect(await check()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('does not accept the credential'),
    });
  });

  test.each([
    ['clock-slow', 'is 10\u00a0min ahead of'],
    ['clock-fast', 'is 10\u00a0min behind'],
  ] as const)('says by how much the clocks differ: %s', async (fault, words) => {
    backend.fault = fault;
    expect(await check()).toMatchObject({ ok: false, detail: expect.stringContaining(words) });
  });

  test('says that none is configured', async () => {
    const { ok, detail, fix } = await runCheck(backendCheck);
    expect({ ok, detail }).toMatchObject({ ok: false, detail: expect.stringContaining('No token backend') });
    expect(fix).toContain('LIMPID_BACKEND_URL');
  });
});

describe('the check of the library', () => {
  test('opens it and names its version', async () => {
    vi.stubEnv('AIC_LIB_PATH', standIn.libraryPath);
    const { ok, detail } = await runCheck(libaicCheck);
    expect({ ok, detail }).toEqual({ ok: true, detail: expect.stringContaining('0.25.1') });
    expect(detail).toContain('version 7');
  });

  test.each([
    ['oldLibraryPath', '0.21.3'],
    ['notALibraryPath', 'cannot be opened'],
  ] as const)('refuses %s', async (name, words) => {
    vi.stubEnv('AIC_LIB_PATH', standIn[name]);
    expect(await runCheck(libaicCheck)).toMatchObject({ ok: false, detail: expect.stringContaining(words) });
  });

  test('says that none is installed', async () => {
    expect(await runCheck(libaicCheck)).toMatchObject({ ok: false, detail: expect.stringContaining('not installed') });
  });
});

describe('the check of the model', () => {
  const check = (model: string, library = standIn.libraryPath) => {
    vi.stubEnv('AIC_LIB_PATH', library);
    vi.stubEnv('LIMPID_AIC_MODEL', model);
    return runCheck(modelCheck);
  };

  test('loads it', async () => {
    expect(await check(standIn.modelPath)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('stand-in-48khz'),
    });
  });

  test.each(['truncatedModelPath', 'wrongVersionModelPath', 'notAModelPath'] as const)('refuses %s', async (name) => {
    const { ok, fix } = await check(standIn[name]);
    expect({ ok, fix }).toEqual({ ok: false, fix: expect.stringContaining('limpid models install') });
  });

  test('names a path without a model', async () => {
    expect(await check('/nonexistent.aicmodel')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('/nonexistent.aicmodel'),
    });
  });

  test('cannot be made without the library', async () => {
    const { ok, fix } = await check(standIn.modelPath, '/nonexistent/libaic.so');
    expect({ ok, fix }).toEqual({ ok: false, fix: 'Mend the check “Licensed library” first.' });
  });

  test('says that none is installed', async () => {
    expect(await runCheck(modelCheck)).toMatchObject({ ok: false, detail: expect.stringContaining('No ai-coustics') });
  });
});
