import { median } from '../../src/main/demo/metrics.js';
import type { Span, Start } from './run.js';

/** Of one step or one cost, over all starts. */
export interface Cost {
  what: string;
  /** In how many of the starts it was there before the window. */
  starts: number;
  medianMs: number;
  longestMs: number;
}

export interface Startup {
  /** One after the other, from the start of the process to the window. */
  steps: Cost[];
  total: Cost;
  /** What was waited for or begun on the way; several run at the same time. */
  parts: Cost[];
  /** Processes started, by the moment the window was asked for and in the second and a half after. */
  processesBefore: number;
  processesAfter: number;
  rssMb: number;
}

const smallestPartMs = 1;

const costOf = (what: string, timesMs: number[]): Cost => ({
  what,
  starts: timesMs.length,
  medianMs: median(timesMs),
  longestMs: Math.max(...timesMs),
});

/** A file is read many times, each time under another name: its folder of this start, or the hash of its content. */
const partNameOf = ({ kind, what }: Span): string =>
  kind === 'native' ? `PortAudio and engines: ${what}` : `${kind}: ${what}`;

export function summarise(starts: readonly Start[], what: 'main' | 'panel'): Startup {
  const named =
    what === 'main'
      ? ([
          ['Node itself', ({ marks }) => [0, marks.node]],
          ['our modules read and evaluated', ({ marks }) => [marks.node, marks.modules ?? marks.window]],
          ['services', ({ marks }) => [marks.modules ?? marks.window, marks.services ?? marks.window]],
          ['window asked for', ({ marks }) => [marks.services ?? marks.window, marks.window]],
        ] satisfies [string, (start: Start) => [number, number]][])
      : ([
          ['Node itself', ({ marks }) => [0, marks.node]],
          ['modules, services and server of the panel', ({ marks }) => [marks.node, marks.window]],
        ] satisfies [string, (start: Start) => [number, number]][]);
  const steps = named.map(([name, part]) =>
    costOf(
      name,
      starts.map((start) => {
        const [from, to] = part(start);
        return to - from;
      }),
    ),
  );
  const parts = new Map<string, number[]>();
  for (const { spans, marks } of starts) {
    for (const span of spans) {
      if (span.kind === 'file' || span.tookMs === null || span.startMs >= marks.window) continue;
      const name = partNameOf(span);
      parts.set(name, [...(parts.get(name) ?? []), span.tookMs]);
    }
  }
  const count = (from: (start: Start) => number, to: (start: Start) => number): number =>
    median(
      starts.map(
        (start) =>
          start.spans.filter(
            ({ kind, startMs }) => kind.startsWith('process') && startMs >= from(start) && startMs < to(start),
          ).length,
      ),
    );
  return {
    steps,
    total: costOf(
      what === 'main' ? 'window asked for' : 'link printed',
      starts.map(({ marks }) => marks.window),
    ),
    parts: [...parts]
      .map(([name, timesMs]) => costOf(name, timesMs))
      .filter(({ medianMs }) => medianMs >= smallestPartMs)
      .toSorted((one, other) => other.medianMs - one.medianMs),
    processesBefore: count(
      () => 0,
      ({ marks }) => marks.window,
    ),
    processesAfter: count(
      ({ marks }) => marks.window,
      () => Infinity,
    ),
    rssMb: median(starts.map(({ rssMb }) => rssMb)),
  };
}

const ms = (value: number): string => value.toFixed(1);

/** One arm, or two beside each other. */
export function tablesOf(
  now: Startup,
  before: Startup | null,
): { title: string; header: string[]; rows: string[][] }[] {
  const find = (list: readonly Cost[], what: string): Cost | undefined => list.find((cost) => cost.what === what);
  const cells = (cost: Cost | undefined): string[] => (cost ? [ms(cost.medianMs), ms(cost.longestMs)] : ['–', '–']);
  const rows = (pick: (of: Startup) => readonly Cost[]): string[][] => {
    const names = [...new Set([...pick(now), ...(before ? pick(before) : [])].map(({ what }) => what))];
    return names.map((what) => [
      what,
      ...(before ? cells(find(pick(before), what)) : []),
      ...cells(find(pick(now), what)),
    ]);
  };
  const columns = before ? ['before: median ms', 'longest', 'now: median ms', 'longest'] : ['median ms', 'longest ms'];
  const facts = (name: string, value: (of: Startup) => string): string[] => [
    name,
    ...(before ? [value(before)] : []),
    value(now),
  ];
  return [
    {
      title: 'Steps',
      header: ['', ...columns],
      rows: rows(({ steps, total }) => [...steps, { ...total, what: `= ${total.what}` }]),
    },
    { title: 'On the way (some at the same time)', header: ['', ...columns], rows: rows(({ parts }) => parts) },
    {
      title: 'And',
      header: ['', ...(before ? ['before', 'now'] : ['median'])],
      rows: [
        facts('other programs started before the window', ({ processesBefore }) => String(processesBefore)),
        facts('in the 1.5 s after it', ({ processesAfter }) => String(processesAfter)),
        facts('memory (RSS) after that, MB', ({ rssMb }) => rssMb.toFixed(1)),
      ],
    },
  ];
}
