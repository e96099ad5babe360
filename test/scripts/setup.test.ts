import { describe, expect, test } from 'vitest';
import { isInstalled, npmPlan } from '../../scripts/lib/npm-packages.mjs';
import { installPlan, missingPackages, requirements } from '../../scripts/lib/system-packages.mjs';

const everyGroup = ['build', 'run', 'demo', 'tests'] as const;

describe('missing system packages', () => {
  test('none when everything is present', () => {
    const missing = missingPackages({ platform: 'linux', groups: [...everyGroup], present: () => true });
    expect(missing).toEqual({ needed: [], useful: [] });
  });

  test('what nothing can be built without is told apart', () => {
    const present = (one: { command?: string }) => one.command === 'g++';
    const missing = missingPackages({ platform: 'linux', groups: ['build', 'run'], present });
    expect(missing.needed).toContain('libsimde-dev');
    expect(missing.needed).not.toContain('g++');
    expect(missing.useful).toContain('libasound2-plugins');
  });

  test('only the groups asked for count', () => {
    const missing = missingPackages({ platform: 'linux', groups: ['build', 'run', 'demo'], present: () => false });
    expect(missing.useful).toContain('espeak-ng');
    expect(missing.useful).not.toContain('chromium-headless-shell');
  });

  test('a Mac is asked for its own packages only', () => {
    const missing = missingPackages({ platform: 'darwin', groups: [...everyGroup], present: () => false });
    expect(missing.needed).toEqual(['python3', 'simde']);
    expect([...missing.needed, ...missing.useful]).not.toContain('libasound2-dev');
  });

  test('the store and the load balancer of the token backend are installed for its tests alone', () => {
    const namesOn = (platform: string, groups: Parameters<typeof missingPackages>[0]['groups']) =>
      missingPackages({ platform, groups, present: () => false }).useful;
    expect(namesOn('linux', ['tests'])).toEqual(expect.arrayContaining(['redis-server', 'haproxy']));
    expect(namesOn('darwin', ['tests'])).toEqual(expect.arrayContaining(['redis', 'haproxy']));
    expect(namesOn('linux', ['build', 'run', 'demo'])).not.toContain('redis-server');
  });

  test('every requirement can be looked for and installed', () => {
    for (const one of requirements) {
      expect(Boolean(one.command) || (one.files ?? []).length > 0, JSON.stringify(one)).toBe(true);
      expect(one.debian ?? one.brew ?? one.winget, JSON.stringify(one)).toBeTruthy();
    }
  });
});

describe('how packages are installed', () => {
  const developer = {
    platform: 'linux',
    needed: ['a', 'b'],
    useful: ['c'],
    hasApt: true,
    isRoot: false,
    isCi: false,
    hasSudo: true,
  };

  test('root installs at once, without sudo', () => {
    const plan = installPlan({ ...developer, isRoot: true, hasSudo: false });
    expect(plan.unattended).toBe(true);
    expect(plan.commands.map((command) => command[0])).toEqual(['apt-get', 'apt-get']);
    expect(plan.commands[1]?.slice(-3)).toEqual(['--no-install-recommends', 'a', 'b']);
  });

  test('what is only useful cannot keep what is needed from being installed', () => {
    const plan = installPlan({ ...developer, isRoot: true });
    expect(plan.commands.flat()).not.toContain('c');
    expect(plan.mayFail.map((command) => command.slice(-2))).toEqual([['--no-install-recommends', 'c']]);
    expect(installPlan({ ...developer, useful: [] }).mayFail).toEqual([]);
  });

  test('a developer is shown one line and asked', () => {
    const plan = installPlan(developer);
    expect(plan.unattended).toBe(false);
    expect(plan.line).toBe('sudo apt-get install -y a b c');
  });

  test('CI that is not root uses sudo and never waits for a password', () => {
    const plan = installPlan({ ...developer, isCi: true });
    expect(plan.unattended).toBe(true);
    expect(plan.commands.every((command) => command[0] === 'sudo' && command[1] === '-n')).toBe(true);
  });

  test('without sudo nothing is run', () => {
    expect(installPlan({ ...developer, isCi: true, hasSudo: false })).toMatchObject({
      unattended: false,
      commands: [],
    });
  });

  test('another distribution gets the names only', () => {
    const plan = installPlan({ ...developer, hasApt: false, isRoot: true });
    expect(plan).toMatchObject({ unattended: false, commands: [] });
    expect(plan.line).toContain('a b');
  });

  test('Homebrew is never run as root', () => {
    const mac = { ...developer, platform: 'darwin', isCi: true };
    expect(installPlan(mac)).toMatchObject({ unattended: true, commands: [['brew', 'install', 'a', 'b']] });
    expect(installPlan({ ...mac, needed: [] })).toMatchObject({ commands: [], mayFail: [['brew', 'install', 'c']] });
    expect(installPlan({ ...mac, isRoot: true }).unattended).toBe(false);
  });
});

describe('what npm has to do', () => {
  const current = { lockSha256: 'new', platform: 'linux', arch: 'x64' };
  const settled = { current, stamp: current, fits: () => true, hasNodeModules: true, uncompiled: [] };

  test('nothing when the lockfile is the one installed; node_modules is not even read', () => {
    const fits = () => {
      throw new Error('read');
    };
    expect(npmPlan({ ...settled, fits })).toEqual({ action: 'none' });
  });

  test('everything the first time', () => {
    expect(npmPlan({ ...settled, stamp: null, hasNodeModules: false }).action).toBe('install');
  });

  test('everything when the lockfile changed and node_modules does not follow', () => {
    const stamp = { ...current, lockSha256: 'old' };
    expect(npmPlan({ ...settled, stamp, fits: () => false }).action).toBe('install');
  });

  test('a fitting tree installed by hand is kept', () => {
    expect(npmPlan({ ...settled, stamp: null })).toEqual({ action: 'record' });
  });

  test('everything when the folder came from another machine', () => {
    expect(npmPlan({ ...settled, stamp: { ...current, arch: 'arm64' } }).action).toBe('install');
  });

  test('only the install scripts when those did not run', () => {
    expect(npmPlan({ ...settled, uncompiled: ['keytar'] })).toMatchObject({ action: 'compile', packages: ['keytar'] });
  });
});

describe('whether node_modules fits the lockfile', () => {
  const lock = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  };

  test('optional packages may be missing, and there may be more', () => {
    const installed = { packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '9.0.0' } } };
    expect(isInstalled(lock, installed)).toBe(true);
  });

  test.each([
    ['missing', { packages: {} }],
    ['of another version', { packages: { 'node_modules/a': { version: '1.0.1' } } }],
    ['unknown because npm left no list', {}],
  ])('a package that is %s does not fit', (_, installed) => {
    expect(isInstalled(lock, installed)).toBe(false);
  });

  test('an optional package of another version does not fit', () => {
    const installed = {
      packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/other-platform': { version: '2.0.0' } },
    };
    expect(isInstalled(lock, installed)).toBe(false);
  });
});
