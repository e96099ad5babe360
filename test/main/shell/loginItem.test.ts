import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  autostartPath,
  formatAutostartEntry,
  moveAutostart,
  programCommand,
  programPath,
} from '../../../src/main/shell/autostartEntry.js';
import { followLoginItem } from '../../../src/main/shell/followLoginItem.js';
import { createLoginItem } from '../../../src/main/shell/loginItem.js';
import { asApp, FakeApp } from '../../fakes/electron.js';
import { createContractServices } from '../../fakes/services.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'limpid-login-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

function setUp(
  platform: NodeJS.Platform,
  { isPackaged = true, environment = {}, execPath = '/opt/Limpid/limpid' } = {},
) {
  const app = new FakeApp();
  app.isPackaged = isPackaged;
  const loginItem = createLoginItem({ app: asApp(app), platform, environment, execPath, home });
  return { app, loginItem };
}

describe('the program to start', () => {
  test.each([
    [{}, '/usr/lib/limpid/limpid'],
    [{ APPIMAGE: '/home/me/Limpid.AppImage' }, '/home/me/Limpid.AppImage'],
    [{ APPIMAGE: 'relative.AppImage' }, '/usr/lib/limpid/limpid'],
  ])('with %j is %s', (environment, expected) => {
    expect(programPath(environment, '/usr/lib/limpid/limpid')).toBe(expected);
  });

  test.each([
    [{}, 'limpid'],
    [{ APPIMAGE: '/home/me/Limpid-1.0.AppImage' }, '/home/me/Limpid-1.0.AppImage'],
    [{ APPIMAGE: '/home/me/My $Apps/Limpid.AppImage' }, String.raw`"/home/me/My \$Apps/Limpid.AppImage"`],
  ])('with %j is started by the command %s', (environment, expected) => {
    expect(programCommand(environment)).toBe(expected);
  });

  test.each([
    [{}, '/home/me/.config/autostart/limpid.desktop'],
    [{ XDG_CONFIG_HOME: '/home/me/.settings' }, '/home/me/.settings/autostart/limpid.desktop'],
    [{ XDG_CONFIG_HOME: 'not/absolute' }, '/home/me/.config/autostart/limpid.desktop'],
  ])('with %j is named in %s', (environment, expected) => {
    expect(autostartPath(environment, '/home/me')).toBe(expected);
  });

  // Expected by hand from the Desktop Entry Specification 1.5.
  test.each([
    ['/opt/Limpid/limpid', '"/opt/Limpid/limpid"'],
    ['/home/me/My Apps/Limpid.AppImage', '"/home/me/My Apps/Limpid.AppImage"'],
    ['/home/me/100 %/limpid', '"/home/me/100 %%/limpid"'],
    ['/home/me/$(reboot)/`id`/limpid', String.raw`"/home/me/\\$(reboot)/\\${'`'}id\\${'`'}/limpid"`],
    ['/home/me/"x"/limpid', String.raw`"/home/me/\\"x\\"/limpid"`],
    [String.raw`/home/me/a\b/limpid`, String.raw`"/home/me/a\\\\b/limpid"`],
    ['/home/me/Töne 🎧/limpid', '"/home/me/Töne 🎧/limpid"'],
  ])('%s is quoted as %s', (program, quoted) => {
    expect(formatAutostartEntry(program)).toContain(`\nExec=${quoted} --hidden\n`);
  });

  test('cannot smuggle in a line of its own', () => {
    expect(() => formatAutostartEntry('/home/me/x\nExec=evil/limpid')).toThrow(TypeError);
  });
});

describe('on Linux', () => {
  const path = () => join(home, '.config/autostart/limpid.desktop');

  test('an entry is written whole, read back, and removed', async () => {
    const { loginItem } = setUp('linux');
    expect(await loginItem.read()).toBe(false);
    await loginItem.write(true);
    expect(loginItem.view).toEqual({ isSupported: true, problem: null });
    expect(await loginItem.read()).toBe(true);
    expect(await readFile(path(), 'utf8')).toMatch(/^\[Desktop Entry\]\nType=Application\nName=Limpid\nExec="\/opt/);
    expect(await readdir(join(home, '.config/autostart'))).toEqual(['limpid.desktop']);
    await loginItem.write(false);
    await loginItem.write(false);
    expect([await loginItem.read(), loginItem.view.problem]).toEqual([false, null]);
  });

  test.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false', ' hidden = TRUE '])(
    'an entry that a desktop switched off by “%s” is off, and on again when it is asked for',
    async (line) => {
      const { loginItem } = setUp('linux');
      await loginItem.write(true);
      await writeFile(path(), `[Desktop Entry]\nExec=limpid\n${line}\n`);
      expect(await loginItem.read()).toBe(false);
      await loginItem.write(true);
      expect(await loginItem.read()).toBe(true);
    },
  );

  test('a folder that cannot be made is told of, with what to do, and no more once it can', async () => {
    const { loginItem } = setUp('linux');
    await writeFile(join(home, '.config'), 'a file');
    await loginItem.write(true);
    expect(loginItem.view.problem).toMatchObject({ code: 'login.unwritable', params: { path: path() } });
    await rm(join(home, '.config'));
    await loginItem.write(true);
    expect(loginItem.view.problem).toBeNull();
  });

  test('an entry that cannot be read is unknown, not off', async () => {
    const { loginItem } = setUp('linux');
    await mkdir(path(), { recursive: true });
    expect(await loginItem.read()).toBeNull();
  });

  test('the last wish wins, whatever came before', async () => {
    const { loginItem } = setUp('linux');
    await Promise.all([true, false, true, false, true].map((isOn) => loginItem.write(isOn)));
    expect(await loginItem.read()).toBe(true);
  });

  test('an AppImage that has another name from now on is started by it, unless that is switched off', async () => {
    const { loginItem } = setUp('linux');
    moveAutostart(path(), '/home/me/Limpid-1.3.0.AppImage');
    expect(await loginItem.read()).toBe(false);
    await loginItem.write(true);
    moveAutostart(path(), '/home/me/$1 Limpid-1.3.0.AppImage');
    expect(await readFile(path(), 'utf8')).toBe(formatAutostartEntry('/home/me/$1 Limpid-1.3.0.AppImage'));
    await writeFile(path(), `${formatAutostartEntry('/home/me/Limpid-1.2.0.AppImage')}Hidden=true\n`);
    moveAutostart(path(), '/home/me/Limpid-1.3.0.AppImage');
    expect(await readFile(path(), 'utf8')).toContain('Limpid-1.3.0.AppImage" --hidden');
    expect(await loginItem.read()).toBe(false);
  });

  test('nobody else can change the entry', async () => {
    const { loginItem } = setUp('linux');
    await loginItem.write(true);
    expect((await stat(path())).mode & 0o022).toBe(0);
  });
});

describe('on macOS and Windows', () => {
  test.each<NodeJS.Platform>(['darwin', 'win32'])('on %s the system is told and asked', async (platform) => {
    const { app, loginItem } = setUp(platform);
    await loginItem.write(true);
    expect([await loginItem.read(), loginItem.view.problem]).toEqual([true, null]);
    await loginItem.write(false);
    expect([(await loginItem.read()) === true, loginItem.view.problem]).toEqual([false, null]);
    expect(app.loginChanges.map(({ openAtLogin }) => openAtLogin)).toEqual([true, false]);
  });

  test('on Windows the path stands in quotes, the start is hidden, and what a person switched off is switched on again', async () => {
    const { app, loginItem } = setUp('win32', { execPath: String.raw`C:\Program Files\Limpid\Limpid.exe` });
    await loginItem.write(true);
    expect(app.loginChanges).toEqual([
      {
        openAtLogin: true,
        enabled: true,
        path: String.raw`"C:\Program Files\Limpid\Limpid.exe"`,
        args: ['--hidden'],
      },
    ]);
  });

  test('on Windows an entry that was switched off in the Task Manager is off', async () => {
    const { app, loginItem } = setUp('win32');
    await loginItem.write(true);
    if (app.launchItem) app.launchItem.enabled = false;
    expect(await loginItem.read()).toBe(false);
  });

  test('on Windows an entry of a Limpid that was moved since is none, one with other words is', async () => {
    const { app, loginItem } = setUp('win32');
    app.launchItem = { path: String.raw`"C:\Downloads\Limpid.exe"`, args: ['--hidden'], enabled: true };
    expect(await loginItem.read()).toBe('absent');
    app.launchItem = { path: '"/opt/Limpid/limpid"', args: [], enabled: true };
    expect(await loginItem.read()).toBe(true);
  });

  test.each<NodeJS.Platform>(['darwin', 'win32'])('%s may refuse, which is told of', async (platform) => {
    const { app, loginItem } = setUp(platform);
    app.takesLoginChanges = false;
    await loginItem.write(true);
    expect(loginItem.view.problem?.code).toBe('login.refused');
    app.setLoginItemSettings = () => {
      throw new Error('not permitted');
    };
    await loginItem.write(true);
    expect(loginItem.view.problem?.code).toBe('login.refused');
  });
});

test.each<NodeJS.Platform>(['linux', 'darwin', 'win32'])(
  'on %s a program that was not installed never starts at login',
  async (platform) => {
    const { app, loginItem } = setUp(platform, { isPackaged: false });
    await loginItem.write(true);
    expect([loginItem.view.isSupported, await loginItem.read(), app.loginChanges]).toEqual([false, null, []]);
    expect(await readdir(home)).toEqual([]);
  },
);

describe('preference and system', () => {
  async function follow({
    preferred = false,
    inSystem = false,
    locked = [] as string[],
    isPackaged = true,
    platform = 'darwin' as NodeJS.Platform,
    launchItem = null as FakeApp['launchItem'],
  } = {}) {
    const { app, loginItem } = setUp(platform, { isPackaged });
    app.launchItem = launchItem;
    app.login = { ...app.login, openAtLogin: inSystem };
    const services = createContractServices();
    const { preferences } = services.state;
    services.state = {
      ...services.state,
      preferences: { ...preferences, startsAtLogin: preferred },
      policy: { locked, lockReason: null },
    };
    let changes = 0;
    const see = await followLoginItem(loginItem, services, services.state, () => void (changes += 1));
    services.on('state.changed', see);
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    await settled();
    return { app, services, settled, prefers: () => services.state.preferences.startsAtLogin, changes: () => changes };
  }

  test.each([
    [true, false],
    [false, true],
  ])('what a person changed in the system meanwhile (%s, now %s) is the preference', async (preferred, inSystem) => {
    const { prefers, app } = await follow({ preferred, inSystem });
    expect(prefers()).toBe(inSystem);
    expect(app.login.openAtLogin).toBe(inSystem);
  });

  test('what the administrator fixed is brought to the system instead', async () => {
    const { prefers, app, changes } = await follow({ preferred: true, inSystem: false, locked: ['startsAtLogin'] });
    expect([prefers(), app.login.openAtLogin, changes()]).toEqual([true, true, 1]);
  });

  test('what an administrator fixed is never taken for the wish of the person, whose own comes back', async () => {
    await follow({ preferred: true, inSystem: false, locked: ['startsAtLogin'] });
    await follow({ preferred: true, inSystem: true, locked: ['startsAtLogin'] });
    const { prefers, app } = await follow({ preferred: false, inSystem: true });
    expect([prefers(), app.login.openAtLogin]).toEqual([false, false]);
    expect((await follow({ preferred: false, inSystem: true })).prefers()).toBe(true);
  });

  test('that is remembered of a policy that comes while Limpid runs, and forgotten when it goes', async () => {
    const { services, settled, app } = await follow();
    const own = services.state;
    const fixed = { ...own, preferences: { ...own.preferences, startsAtLogin: true } };
    services.emit('state.changed', { ...fixed, policy: { locked: ['startsAtLogin'], lockReason: null } });
    await settled();
    expect(app.login.openAtLogin).toBe(true);
    await expect.poll(() => readdir(join(home, 'Library/Application Support/Limpid'))).toEqual(['login-item-fixed']);
    services.emit('state.changed', own);
    await settled();
    expect(app.login.openAtLogin).toBe(false);
    await expect.poll(() => readdir(join(home, 'Library/Application Support/Limpid'))).toEqual([]);
  });

  test('on Windows a Limpid that was moved is entered anew, and only one that was switched off stays off', async () => {
    const moved = { path: String.raw`"C:\Downloads\Limpid.exe"`, args: ['--hidden'], enabled: true };
    const own = { path: '"/opt/Limpid/limpid"', args: ['--hidden'], enabled: false };
    const platform = 'win32';
    const again = await follow({ platform, preferred: true, launchItem: moved });
    expect([again.prefers(), again.app.launchItem]).toEqual([true, { ...own, enabled: true }]);
    const off = await follow({ platform, preferred: true, launchItem: own });
    expect([off.prefers(), off.app.launchItem]).toEqual([false, own]);
    const none = await follow({ platform, preferred: false });
    expect([none.prefers(), none.app.launchItem]).toEqual([false, null]);
  });

  test('an entry is written anew at each start, as the program may have been moved', async () => {
    const { app } = await follow({ preferred: true, inSystem: true });
    expect(app.loginChanges).toHaveLength(1);
    expect((await follow()).app.loginChanges).toHaveLength(0);
  });

  test('a change of the preference reaches the system, once', async () => {
    const { app, services, settled, changes } = await follow();
    await services.handlers['settings.change']({ startsAtLogin: true });
    await services.handlers['settings.change']({ theme: 'dark' });
    await settled();
    expect([app.loginChanges.length, app.login.openAtLogin, changes()]).toEqual([1, true, 1]);
  });

  test('where nothing starts at login the preference stays as it is', async () => {
    const { prefers } = await follow({ preferred: true, isPackaged: false });
    expect(prefers()).toBe(true);
  });
});
