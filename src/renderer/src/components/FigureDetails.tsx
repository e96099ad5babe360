import type { LiveNumbers } from '../../../shared/state.js';
import { formatCount, formatPpm, formatShare, splitSeconds } from '../view/format.js';
import { text, type TextCode } from '../view/text.js';

const load = (share: number) => text('window.figures.load.value', { p50: formatShare(share) });

/** For those who look for the cause of a crackle: one line a number. */
const lines: [TextCode, (numbers: LiveNumbers) => string][] = [
  ['window.details.time', ({ secondsRunning }) => text('window.details.time.value', splitSeconds(secondsRunning))],
  ['window.details.load', (numbers) => load(numbers.load.p95)],
  ['window.details.max', (numbers) => load(numbers.load.max)],
  ['window.details.drift', ({ driftPpm }) => text('window.details.drift.value', { value: formatPpm(driftPpm) })],
  ['window.details.overruns', ({ overruns }) => formatCount(overruns)],
  ['window.details.dropped', ({ droppedFrames }) => formatCount(droppedFrames)],
  ['window.details.inserted', ({ insertedFrames }) => formatCount(insertedFrames)],
  ['window.details.non-finite', ({ nonFiniteSamples }) => formatCount(nonFiniteSamples)],
  [
    'window.details.priority',
    ({ realTimePriority }) => text(realTimePriority ? 'window.details.priority.yes' : 'window.details.priority.no'),
  ],
];

export function FigureDetails({ numbers }: { numbers: LiveNumbers }) {
  return (
    <details className="details">
      <summary>{text('window.details')}</summary>
      <dl>
        {lines.map(([code, value]) => (
          <div key={code}>
            <dt>{text(code)}</dt>
            <dd className="value">{value(numbers)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
