import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drawTrayIcons } from '../../../scripts/trayIcons.js';
import { createTrayIcon, trayIconPath } from '../../../src/main/shell/tray.js';
import { trayFaceOf, trayFaces } from '../../../src/main/shell/trayFace.js';
import { findTrayHost } from '../../../src/main/shell/trayHost.js';
import { setLanguage } from '../../../src/shared/language.js';
import type { AppState } from '../../../src/shared/state.js';
import { idleState } from '../../fakes/appState.js';
import { asTray, fakeMenu, FakeTray } from '../../fakes/electron.js';

const icons = fileURLToPath(new URL('../../../resources/tray', import.meta.url));
const enhancing = {
  code: 'status.enhancing',
  params: {
    engine: { code: 'engine.name.with-gtcrn', params: {} },
    input: 'the headset',
    output: 'the Limpid microphone',
  },
};
const running: AppState = { ...idleState, phase: 'running', status: enhancing };

afterEach(() => setLanguage('en'));

describe('what the icon tells', () => {
  test.each<[string, Partial<AppState>, string]>([
    ['off', { phase: 'off' }, 'off'],
    ['starting', { phase: 'starting' }, 'off'],
    ['enhancing', {}, 'enhancing'],
    ['another engine standing in', { engine: 'aic', heardEngine: 'gtcrn' }, 'enhancing'],
    ['bypass', { bypass: true }, 'passing'],
    ['no engine heard', { engine: 'aic', heardEngine: 'bypass' }, 'passing'],
    ['no strength', { level: 0 }, 'passing'],
    ['a device that is gone', { phase: 'restarting' }, 'problem'],
    ['a device that delivers nothing', { phase: 'stalled' }, 'problem'],
    ['a start that failed', { phase: 'failed' }, 'problem'],
    ['a question', { phase: 'starting', question: { code: 'question.speakers', params: {} } }, 'problem'],
    ['feedback', { mutedByFeedback: true }, 'problem'],
    ['a silent microphone', { status: { code: 'input.silent', params: { input: 'x' } } }, 'problem'],
  ])('%s', (_name, changes, face) => {
    expect(trayFaceOf({ ...running, ...changes })).toBe(face);
  });
});

describe('the icon', () => {
  function setUp(platform: NodeJS.Platform = 'linux', state: AppState = idleState) {
    const did: string[] = [];
    const trays: FakeTray[] = [];
    const icon = createTrayIcon(
      {
        createTray: (path) => asTray(trays[trays.push(new FakeTray(path)) - 1] as FakeTray),
        Menu: fakeMenu,
        folder: icons,
        platform,
        actions: { perform: (action) => did.push(action), switchOn: () => did.push('switchOn') },
        quit: () => did.push('quit'),
      },
      state,
    );
    return { icon, tray: trays[0] as FakeTray, did };
  }

  test('follows the state by face, tooltip and menu', () => {
    const { icon, tray } = setUp();
    expect(tray.icon).toBe(join(icons, 'linux', 'off.png'));
    expect(tray.tooltip).toBe('Limpid: Off.');
    expect(tray.labels).toEqual(['Off.', 'Switch on', 'Bypass: hear the original voice', 'Show Limpid', 'Quit Limpid']);
    icon.show({ ...running, bypass: true });
    expect(tray.icon).toBe(join(icons, 'linux', 'passing.png'));
    expect(tray.tooltip).toContain('Enhancing the headset with the built-in engine');
    expect(tray.labels[1]).toBe('Switch off');
    expect(tray.menu.find(({ type }) => type === 'checkbox')?.checked).toBe(true);
    expect(tray.menu[0]?.enabled).toBe(false);
  });

  test('leaves its menu alone while nothing in it changes, as an open one would close', () => {
    const { icon, tray } = setUp('linux', running);
    icon.show({ ...running, level: 0.5, welcomed: false });
    expect(tray.menus).toBe(1);
    icon.show({ ...running, bypass: true });
    expect(tray.menus).toBe(2);
  });

  test('speaks the chosen language from the next state on', () => {
    const { icon, tray } = setUp();
    setLanguage('de');
    icon.show(idleState);
    expect(tray.labels).toContain('Limpid beenden');
  });

  test('its menu does what it says', () => {
    const { tray, did } = setUp();
    for (const label of ['Switch on', 'Bypass: hear the original voice', 'Show Limpid', 'Quit Limpid'])
      tray.click(label);
    expect(did).toEqual(['toggle', 'bypass', 'show', 'quit']);
  });

  test.each<[NodeJS.Platform, string[]]>([
    ['linux', ['show']],
    ['win32', ['show']],
    ['darwin', []],
  ])('on %s a click does %j', (platform, expected) => {
    const { tray, did } = setUp(platform);
    tray.emit('click');
    expect(did).toEqual(expected);
  });

  test('has a tooltip no longer than Windows shows', () => {
    const params = { ...enhancing.params, input: 'a microphone with a name '.repeat(20) };
    const { tray } = setUp('win32', { ...running, status: { ...enhancing, params } });
    expect(tray.tooltip).toHaveLength(127);
  });

  test('goes when it is disposed of', () => {
    const { icon, tray } = setUp();
    icon.dispose();
    expect(tray.isGone).toBe(true);
  });
});

describe('the drawings', () => {
  const drawn = drawTrayIcons();

  /** Of a file of ours: the header, one IDAT, and in it rows that begin with the number of their filter, which is none. */
  const pixelsOf = (path: string): Buffer => {
    const png = readFileSync(path);
    const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
    const rowBytes = png.readUInt32BE(16) * 4 + 1;
    const starts = Array.from({ length: rows.length / rowBytes }, (_, row) => row * rowBytes);
    return Buffer.concat(starts.map((start) => rows.subarray(start + 1, start + rowBytes)));
  };

  test('in the repository are those that the script draws', () => {
    const stored = readdirSync(icons, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.png'));
    expect(stored.toSorted()).toEqual([...drawn.keys()].toSorted());
    // Compressed by another version of Node they may be other bytes; the pixels may not.
    const different = stored.filter((path) => !pixelsOf(join(icons, path)).equals(drawn.get(path)!.pixels));
    expect(different).toEqual([]);
  });

  test.each<NodeJS.Platform>(['darwin', 'win32', 'linux'])(
    'on %s there is one for each face, also for sharp screens',
    (platform) => {
      for (const face of trayFaces) {
        const path = trayIconPath('', platform, face);
        expect(drawn.get(path)?.size).toBeGreaterThanOrEqual(16);
        expect(drawn.get(path.replace('.png', '@2x.png'))?.size).toBe(2 * drawn.get(path)!.size);
      }
      expect(trayIconPath('', 'darwin', 'off')).toMatch(/Template\.png$/);
    },
  );

  test.each(['mac', 'windows', 'linux'])('for %s are told apart by shape alone', (folder) => {
    const covers = (path: string): number[] => {
      const { pixels } = drawn.get(path)!;
      return [...pixels].filter((_value, index) => index % 4 === 3);
    };
    const suffix = folder === 'mac' ? 'Template' : '';
    const shapes = trayFaces.map((face) => covers(`${folder}/${face}${suffix}.png`));
    for (const [index, shape] of shapes.entries()) {
      for (const other of shapes.slice(index + 1)) {
        const different = shape.filter((value, pixel) => Math.abs(value - other[pixel]!) > 128).length;
        // 20 of the 256 pixels of the smallest.
        expect(different / shape.length).toBeGreaterThan(0.08);
      }
    }
  });
});

describe('whether the desktop shows such icons', () => {
  function answer(answers: Record<string, string | null>) {
    const asked: string[] = [];
    const run = async (program: string, args: string[]) => {
      asked.push([program, ...args].join(' '));
      return answers[program] ?? null;
    };
    return { asked, run };
  }

  test.each<NodeJS.Platform>(['win32', 'darwin'])('%s always does, and nobody is asked', async (platform) => {
    const { run, asked } = answer({});
    expect(await findTrayHost(platform, run)).toBe(true);
    expect(asked).toEqual([]);
  });

  test.each<[string, Record<string, string | null>, boolean]>([
    ['gdbus says so', { gdbus: '(<true>,)\n' }, true],
    ['gdbus says no', { gdbus: '(<false>,)\n', busctl: 'b true' }, false],
    ['only busctl is there and says so', { gdbus: null, busctl: 'b true\n' }, true],
    ['only busctl is there and says no', { gdbus: null, busctl: 'b false\n' }, false],
    ['neither is there, or nobody answers', { gdbus: null, busctl: null }, false],
    ['nonsense', { gdbus: 'trueish' }, false],
  ])('Linux, %s', async (_name, answers, expected) => {
    const { run, asked } = answer(answers);
    expect(await findTrayHost('linux', run)).toBe(expected);
    expect(asked[0]).toContain('org.kde.StatusNotifierWatcher');
  });

  describe.runIf(process.platform !== 'win32')('asked of real programs', () => {
    const path = process.env['PATH'];
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'limpid-tray-'));
      process.env['PATH'] = folder;
    });
    afterEach(async () => {
      process.env['PATH'] = path;
      await rm(folder, { recursive: true, force: true });
    });
    const install = (program: string, script: string) =>
      writeFile(join(folder, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

    test('that are not there, there is none', async () => {
      expect(await findTrayHost('linux')).toBe(false);
    });

    test('the first that answers counts', async () => {
      await install('gdbus', 'echo "Error: no such name" >&2; exit 1');
      await install('busctl', 'echo "b true"');
      expect(await findTrayHost('linux')).toBe(true);
      await install('gdbus', 'echo "(<false>,)"');
      expect(await findTrayHost('linux')).toBe(false);
    });

    test('they do not see the credential of the backend', async () => {
      process.env['LIMPID_BACKEND_CREDENTIAL'] = 'secret';
      await install('gdbus', 'test -z "$LIMPID_BACKEND_CREDENTIAL" && echo "(<true>,)"');
      expect(await findTrayHost('linux')).toBe(true);
      delete process.env['LIMPID_BACKEND_CREDENTIAL'];
    });
  });
});
