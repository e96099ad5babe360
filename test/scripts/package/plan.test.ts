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

test.each([['--dir'], ['--linux'], ['-w'], ['--prepackaged']])('%s is done in one run', (asked) => {
  expect(plan([asked], {}, 'linux').runs).toHaveLength(1);
});
