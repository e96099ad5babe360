import { median } from '../../src/main/demo/metrics.js';
import type { Marks, Span, Start } from './run.js';

/** Of one step or one cost, over all starts. */
export interface Cost {
  what: string;
  /** In how many of the starts it was there before the window. */
  starts: number;
  shortestMs: number;
  medianMs: number;
  longestMs: number;
  /** Processor time of the process itself; null: not known. */
  cpuMs: number | null;
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

const costOf = (what: string, timesMs: number[], cpuMs: number[] = []): Cost => ({
  what,
  starts: timesMs.length,
  shortestMs: Math.min(...timesMs),
  medianMs: median(timesMs),
  longestMs: Math.max(...timesMs),
  cpuMs: cpuMs.length > 0 ? median(cpuMs) : null,
});

/** A file is read many times, each time under another name: its folder of this start, or the hash of its content. */
const partNameOf = ({ kind, what }: Span): string =>
  kind === 'native' ? `PortAudio and engines: ${what}` : `${kind}: ${what}`;

export function summarise(starts: readonly Start[], what: 'main' | 'panel'): Startup {
  const named: [string, (marks: Marks) => [number, number]][] =
    what === 'main'
      ? [
          ['Node itself', (marks) => [0, marks.node]],
          ['our modules read and evaluated', (marks) => [marks.node, marks.modules ?? marks.window]],
          ['services', (marks) => [marks.modules ?? marks.window, marks.services ?? marks.window]],
          ['window asked for', (marks) => [marks.services ?? marks.window, marks.window]],
        ]
      : [
          ['Node itself', (marks) => [0, marks.node]],
          ['modules, services and server of the panel', (marks) => [marks.node, marks.window]],
        ];
  const steps = named.map(([name, part]) => {
    const tookOf = (marks: Marks): number => {
      const [from, to] = part(marks);
      return to - from;
    };
    return costOf(
      name,
      starts.map(({ marks }) => tookOf(marks)),
      starts.map(({ cpu }) => tookOf(cpu)),
    );
  });
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
      starts.map(({ cpu }) => cpu.window),
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
  const cells = (cost: Cost | undefined): string[] =>
    cost ? [ms(cost.shortestMs), ms(cost.medianMs), cost.cpuMs === null ? '' : ms(cost.cpuMs)] : ['–', '–', ''];
  const rows = (pick: (of: Startup) => readonly Cost[]): string[][] => {
    const names = [...new Set([...pick(now), ...(before ? pick(before) : [])].map(({ what }) => what))];
    return names.map((what) => [
      what,
      ...(before ? cells(find(pick(before), what)) : []),
      ...cells(find(pick(now), what)),
    ]);
  };
  const columns = before
    ? ['before: shortest ms', 'median', 'CPU', 'now: shortest ms', 'median', 'CPU']
    : ['shortest ms', 'median ms', 'CPU ms'];
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
