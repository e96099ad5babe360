import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../src/main/shell/arguments.js';
import { claimSingleInstance } from '../../../src/main/shell/singleInstance.js';
import type { GlobalAction } from '../../../src/shared/desktop.js';
import { asApp, FakeApp, FakeEvent } from '../../fakes/electron.js';

describe('the words that Limpid is started with', () => {
  test.each([
    [['--toggle'], 'toggle', false],
    [['--bypass'], 'bypass', false],
    [['--show'], 'show', false],
    [['--hidden'], null, true],
    [['--hidden', '--toggle'], 'toggle', true],
    [['--bypass', '--toggle', '--toggle'], 'bypass', false],
    [['--no-sandbox', '--enable-features=X', '--toggle', '--original-process-start-time=1'], 'toggle', false],
    [['.', '/opt/limpid', '--show'], 'show', false],
  ])('%j ask for %s', (argv, action, isHidden) => {
    expect(parseArguments(argv)).toEqual({ action, isHidden });
  });

  test.each<[string, string[]]>([
    ['nothing', []],
    ['other spellings', ['--Toggle', '-toggle', '--toggle=1', ' --toggle', '--toggle ', 'toggle', '--show\n']],
    ['garbage', ['\u0000', '--', '-', '', '💥', '--__proto__', '--constructor', '../../etc/passwd', '"; rm -rf /']],
    ['a very long word', ['--toggle'.padEnd(5_000_000, 'e')]],
    ['more words than anybody types', [...Array.from({ length: 100_000 }, () => '-x'), '--toggle']],
    ["Chromium's own", ['--type=renderer', '--hidden-x', '--remote-debugging-port=9222']],
  ])('%s ask for nothing', (_name, argv) => {
    expect(parseArguments(argv)).toEqual({ action: null, isHidden: false });
  });
});

describe('a second start', () => {
  function startFirst(argv: string[] = []) {
    const app = new FakeApp();
    const instance = claimSingleInstance(asApp(app), argv);
    const acted: GlobalAction[] = [];
    const serve = () => instance.serve((action) => acted.push(action));
    const startSecond = (secondArgv: string[]) => {
      const second = new FakeApp();
      second.first = app;
      return claimSingleInstance(asApp(second), secondArgv);
    };
    const sendGarbage = (sent: unknown) => app.emit('second-instance', new FakeEvent(), ['--toggle'], '/', sent);
    return { app, instance, acted, serve, startSecond, sendGarbage };
  }

  test('is refused, and the first does what it was for', () => {
    const { instance, acted, serve, startSecond } = startFirst();
    serve();
    const seconds = [['--toggle'], ['--bypass'], ['--show'], [], ['nonsense'], ['--hidden']].map(startSecond);
    expect(instance.isFirst).toBe(true);
    expect(seconds.map(({ isFirst }) => isFirst)).not.toContain(true);
    expect(acted).toEqual(['toggle', 'bypass', 'show', 'show', 'show', 'show']);
  });

  test('that comes while the first is still starting is not lost', () => {
    const { acted, serve, startSecond } = startFirst();
    startSecond(['--toggle']);
    expect(acted).toEqual([]);
    serve();
    serve();
    expect(acted).toEqual(['toggle']);
  });

  test('that comes while the first is ending is what the one that starts instead is asked for', () => {
    const { instance, acted, serve, startSecond } = startFirst();
    serve();
    instance.end();
    expect(instance.lateArguments).toBe(null);
    startSecond(['--toggle']);
    expect([acted, instance.lateArguments]).toEqual([[], ['--toggle']]);
    startSecond(['--hidden']);
    expect(instance.lateArguments).toEqual(['--show']);
  });

  test.each([
    [undefined],
    [null],
    ['--toggle'],
    [[]],
    [42],
    [{}],
    [{ action: 'quit', isHidden: false }],
    [{ action: ['toggle'], isHidden: false }],
    [{ action: 'toggle' }],
    [{ action: 'toggle', isHidden: 'yes' }],
    [{ action: 'x'.repeat(1_000_000), isHidden: false }],
  ])('that hands over something else (%j) shows the window, whatever its command line says', (sent) => {
    const { acted, serve, sendGarbage } = startFirst();
    serve();
    sendGarbage(sent);
    expect(acted).toEqual(['show']);
  });

  test('does not listen to others itself, as it ends', () => {
    const first = new FakeApp();
    const second = new FakeApp();
    second.first = first;
    claimSingleInstance(asApp(second), []);
    expect(second.listenerCount('second-instance')).toBe(0);
  });
});
