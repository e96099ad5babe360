import { expect, test } from 'vitest';
import { planPackaging } from '../../../scripts/package/plan.mjs';

const plan = (asked: string[] = [], environment: NodeJS.ProcessEnv = {}, platform = 'darwin') =>
  planPackaging({ asked, environment, platform, root: '/limpid' });
const optionsOf = (...args: Parameters<typeof plan>) => plan(...args).runs.map(({ options }) => options);

test('nothing is uploaded unless that is asked for', () => {
  expect(optionsOf()[0]).toContain('--publish=never');
  expect(optionsOf(['--publish', 'always'])[0]).not.toContain('--publish=never');
});

test('the feed comes from the environment, by https alone', () => {
  const [options] = optionsOf([], { LIMPID_UPDATES_URL: 'https://updates.example.com/limpid' });
  expect(options).toEqual(expect.arrayContaining(['-c.publish.url=https://updates.example.com/limpid']));
  expect(optionsOf()[0]?.join(' ')).not.toContain('-c.publish.');
  for (const url of ['http://updates.example.com', 'updates.example.com', 'file:///srv/updates']) {
    expect(() => plan([], { LIMPID_UPDATES_URL: url })).toThrow('https://');
  }
});

test('a Debian package leaves no word in the AppImage that the system brings new versions', () => {
  const { runs, outputFolder } = plan(['-c.directories.output=made'], {}, 'linux');
  expect(outputFolder).toBe('/limpid/made');
  expect(runs.map(({ options }) => options.slice(0, 4))).toEqual([
    ['--linux', 'deb', '-c.directories.output=made', '--publish=never'],
    ['--linux', 'AppImage', '--prepackaged', '/limpid/made/linux-unpacked'],
  ]);
  expect(runs[1]?.removes).toContain('/limpid/made/linux-unpacked/resources/package-type');
});

test.each([
  ['--dir'],
  ['--linux', 'deb'],
  ['-l', 'AppImage', '--x64'],
  ['--linux=deb'],
  ['-w'],
  ['-lw'],
  ['--prepackaged', 'x'],
])('%s is done in one run', (...asked) => {
  expect(optionsOf(asked, {}, 'linux')).toEqual([expect.arrayContaining(asked)]);
});

test.each([['--linux'], ['-l'], ['-l', '--x64'], ['--x64', '--linux'], ['-p', 'never'], ['--publish=never']])(
  '%s makes what is made without it, in two runs',
  (...asked) => {
    const runs = optionsOf(asked, {}, 'linux');
    expect(runs.map((options) => options.slice(0, 2))).toEqual([
      ['--linux', 'deb'],
      ['--linux', 'AppImage'],
    ]);
    const rest = asked.filter((arg) => arg !== '-l' && arg !== '--linux');
    for (const options of runs) {
      expect(options).toEqual(expect.arrayContaining(rest));
      expect(options.filter((arg) => arg === '-l' || arg === '--linux')).toEqual(['--linux']);
    }
  },
);
