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

/** The same names as in the vendor's metrics, and proof that a new token reloads nothing. */
const licensedLines: [TextCode, (counters: LiveNumbers['counters']) => number][] = [
  ['window.details.enhanced', ({ blocksEnhanced }) => blocksEnhanced],
  ['window.details.bypassed', ({ blocksBypassed }) => blocksBypassed],
  ['window.details.disallowed', ({ blocksDisallowed }) => blocksDisallowed],
  ['window.details.model-loads', ({ modelLoads }) => modelLoads],
  ['window.details.processor-creates', ({ processorCreates }) => processorCreates],
  ['window.details.token-updates', ({ tokenUpdates }) => tokenUpdates],
];

interface FigureDetailsProps {
  numbers: LiveNumbers;
  /** Whether the engine that needs a licence is chosen. */
  isLicensed: boolean;
}

export function FigureDetails({ numbers, isLicensed }: FigureDetailsProps) {
  return (
    <details className="details figure-details">
      <summary>{text('window.details')}</summary>
      <dl>
        {lines.map(([code, value]) => (
          <div key={code}>
            <dt>{text(code)}</dt>
            <dd className="value">{value(numbers)}</dd>
          </div>
        ))}
        {isLicensed &&
          licensedLines.map(([code, count]) => (
            <div key={code}>
              <dt>{text(code)}</dt>
              <dd className="value">{formatCount(count(numbers.counters))}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}
