import { describe as group, expect, test } from 'vitest';
import { describe } from '../../src/shared/messages/index.js';
import { plotBox, plotSession } from '../../src/shared/sessionPlot.js';
import { emptyHistory } from '../fakes/appState.js';

const history = {
  ...emptyHistory,
  inputDb: [-40, null, 0, -200],
  outputDb: [-80, null, -80, -80],
  delayMs: [null, 1200, null, null],
  loadP99: [0.1, 0.1, 0.4, 0.2],
  underruns: [0, 1, 0, 0],
  facts: {
    ...emptyHistory.facts,
    inputDb: { seconds: 3, lowest: -200, mean: -4.8, highest: 0 },
    loadP99: { seconds: 4, lowest: 0.1, mean: 0.2, highest: 0.4 },
    underruns: { seconds: 3, lowest: 0, mean: 1 / 3, highest: 1 },
  },
};
const plots = plotSession(history);
const plot = (id: string) => plots.find((each) => each.id === id)!;
const words = (id: string) => plot(id).summaries.map((each) => describe(each).message);

group('the plots of a session', () => {
  test('have gaps where there was no sound, and stay in their box', () => {
    const { width, height } = plotBox;
    expect(plot('levels').lines[0]?.path).toBe(`M0 ${height / 2}H${width / 4}M${width / 2} 0H450V${height}H${width}`);
  });

  test('show a moment that stands alone, on an axis that holds it', () => {
    expect(plot('delay').lines[0]?.path).toMatch(/^M150 \d[\d.]*H300$/);
    expect(describe(plot('delay').high).message).toBe('1,300\u00a0ms');
  });

  test('say in words what they show', () => {
    expect(words('levels')[0]).toBe('Microphone from −200 to 0\u00a0dBFS, −4.8 on average.');
    expect(words('load')).toEqual(['From 10 to 40\u00a0% of the available computing time, 20 on average.']);
    expect(words('underruns')).toEqual(['1 under-run in all.']);
    expect(words('noise')).toEqual(['Nothing measured yet.']);
    const [levels] = plotSession(emptyHistory);
    expect(levels?.summaries.map((each) => describe(each).message)).toEqual([
      'Microphone: nothing measured yet.',
      'Output: nothing measured yet.',
    ]);
  });

  test('of a session without sound are empty', () => {
    for (const { lines } of plotSession(emptyHistory)) for (const { path } of lines) expect(path).toBe('');
  });
});
