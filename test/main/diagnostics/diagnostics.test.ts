import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createServices, type Services } from '../../../src/main/services.js';
import { checkView, sessionHistory, type CheckView } from '../../../src/shared/diagnostics.js';
import { unzip } from './unzip.js';

/** The real services on a computer without sound server, session bus and backend, for a user of its own. */
describe('diagnostics in the app', () => {
  let folder = '';
  let services: Services;
  const shown: string[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-diagnostics-'));
    await mkdir(join(folder, 'Documents'));
    for (const [name, value] of Object.entries({
      HOME: folder,
      USERPROFILE: folder,
      XDG_CONFIG_HOME: undefined,
      XDG_RUNTIME_DIR: folder,
      PULSE_SERVER: `unix:${join(folder, 'no-server')}`,
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'no-bus')}`,
      LIMPID_BACKEND_URL: undefined,
    }))
      vi.stubEnv(name, value);
    services = await createServices({
      host: 'panel',
      configPath: join(folder, 'settings.json'),
      openExternal: async () => undefined,
      openFolder: async (path) => void shown.push(path),
      microphone: {
        status: () => 'not-needed',
        request: async () => 'not-needed',
        openSettings: async () => undefined,
      },
    });
  });
  afterEach(async () => {
    await services.dispose();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  test('checks, previews, and saves exactly what was previewed', async () => {
    const told: CheckView[][] = [];
    services.on('diagnostics.checked', (views) => told.push(views));
    const preview = await services.handlers['bundle.preview']({ language: 'de' });
    // Nobody had run the checks: the bundle needs them.
    const { length } = told;
    expect(length).toBe(2 * 14);
    expect(told.map((views) => views.map((view) => checkView.parse(view)))).toEqual(told);
    expect(told.at(-1)?.every(({ result }) => result === 'ok' || result === 'failed')).toBe(true);
    await services.handlers['settings.change']({ theme: 'dark' });
    const other = await services.handlers['bundle.preview']({ language: 'en' });
    expect(other.id).not.toBe(preview.id);
    expect(told.length).toBe(length);

    const { path } = await services.handlers['bundle.save']({ id: preview.id });
    expect(dirname(path)).toBe(join(folder, 'Documents/Limpid'));
    const unpacked = await unzip(await readFile(path));
    expect([...unpacked]).toEqual(preview.entries.map(({ name, text }) => [name, text]));
    expect(unpacked.get('report.html')).toContain('Limpid-Sitzungsbericht');
    expect(unpacked.get('settings.json')).toContain('"theme": "system"');
    for (const text of unpacked.values()) expect(text).not.toContain(folder);
    expect(await readdir(dirname(path))).toHaveLength(1);
    await expect(services.handlers['bundle.save']({ id: 'of-yesterday' })).rejects.toMatchObject({
      code: 'bundle.outdated',
    });
  }, 60_000);

  test('saves the report in the asked language, shows its folder, and tells the session', async () => {
    const { path } = await services.handlers['report.save']({ language: 'de' });
    expect(path).toMatch(/Limpid report [\d-]+ [\d-]+\.html$/);
    expect(await readFile(path, 'utf8')).toContain('<html lang="de">');
    const again = await services.handlers['report.save']({ language: 'en' });
    expect(again.path).not.toBe(path);
    expect(await readFile(again.path, 'utf8')).toContain('<html lang="en">');
    await services.handlers['diagnostics.openFolder'](undefined);
    expect(shown).toEqual([dirname(path)]);
    const history = await services.handlers['session.history'](undefined);
    expect(sessionHistory.parse(history)).toEqual(history);
    expect(history.changes.map(({ notice }) => notice.code)).toContain('status.off');
  });

  test('refuses the self-test where no output is chosen, and the state is as before', async () => {
    await expect(services.handlers['selfTest.start'](undefined)).rejects.toMatchObject({ code: 'output.not-chosen' });
    expect(await services.handlers['state.get'](undefined)).toMatchObject({ selfTest: { running: null, last: null } });
  });
});
