import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Enhancer } from '../../../src/main/audio/enhancer.js';
import { embeddedEngines } from '../../../src/main/audio/engineSupply.js';
import { Listening } from '../../../src/main/audio/listening.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { openSettings, type SettingsStore } from '../../../src/main/settings/settings.js';
import { aDevice, idleState } from '../../fakes/appState.js';
import { FakeCatalog } from '../../fakes/devices.js';

/** Without a native core: what can be refused without sound. */
describe('what is heard beside the live voice', () => {
  const native = new LimpidError('native.missing', { detail: '' });
  let root: string;
  let settings: SettingsStore;
  let isTesting: boolean;
  let listening: Listening;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'limpid-listening-'));
    settings = await openSettings(join(root, 'settings.json'));
    isTesting = false;
    const catalog = new FakeCatalog([aDevice({ id: 'pulse:mic', inputs: 1, isDefaultInput: true })]);
    const permission = { status: () => 'granted' as const, request: async () => 'granted' as const };
    const enhancer = new Enhancer({
      loop: native,
      catalog,
      virtualMicrophone: { isActive: false, create: async () => '', remove: async () => undefined },
      microphone: permission,
      wishes: settings.values,
      remember: (changes) => settings.update(changes),
    });
    listening = new Listening({
      native,
      loop: native,
      enhancer,
      engines: embeddedEngines(),
      catalog,
      recordings: { state: { recording: null, recordings: idleState.recordings } },
      settings,
      permission,
      pathsOfFile: async (id) => (id === 'a' ? { original: '/a.wav', enhanced: '/b.wav' } : null),
      isSelfTestUnderWay: () => isTesting,
      changed: () => undefined,
      heard: () => undefined,
      moved: () => undefined,
    });
  });
  afterEach(async () => {
    await listening.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  const handlers = (): Listening['handlers'] => listening.handlers;

  test('goes after the self-test, whose chirps it would disturb', async () => {
    isTesting = true;
    const refused = { code: 'listening.self-test', retryable: true };
    await expect(handlers()['comparison.record'](undefined)).rejects.toMatchObject(refused);
    await expect(handlers()['player.play'](undefined)).rejects.toMatchObject(refused);
    await expect(handlers()['microphone.listen']({ listening: true })).rejects.toMatchObject(refused);
    // What ends something is always allowed.
    await handlers()['microphone.listen']({ listening: false });
    await handlers()['player.pause'](undefined);
  });

  test('says that there is no native core', async () => {
    const missing = { code: 'native.missing' };
    const source = { kind: 'file', id: 'a' } as const;
    await expect(handlers()['comparison.record'](undefined)).rejects.toMatchObject(missing);
    await expect(handlers()['microphone.listen']({ listening: true })).rejects.toMatchObject(missing);
    await expect(handlers()['player.open']({ source })).rejects.toMatchObject(missing);
    expect(listening.state).toMatchObject({ comparison: { phase: 'none' }, player: null });
  });

  test('knows no sound that is gone', async () => {
    await expect(handlers()['player.open']({ source: { kind: 'comparison' } })).rejects.toMatchObject({
      code: 'sound.gone',
    });
    await expect(handlers()['player.open']({ source: { kind: 'file', id: 'b' } })).rejects.toMatchObject({
      code: 'sound.gone',
    });
  });
});
