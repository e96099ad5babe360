import { describe, expect, test } from 'vitest';
import { summarise, tablesOf } from '../../bench/startup/report.js';
import type { Span, Start } from '../../bench/startup/run.js';

const startOf = (node: number, modules: number, services: number, window: number, spans: Span[] = []): Start => ({
  marks: { node, modules, services, window },
  cpu: { node: node / 2, modules: modules / 2, services: services / 2, window: window / 2 },
  spans,
  rssMb: 90,
  heapMb: 14,
});
const process = (what: string, startMs: number, tookMs: number | null): Span => ({
  kind: 'process',
  what,
  startMs,
  tookMs,
});

describe('the figures of a start', () => {
  test('give each step from the end of the one before, and the sum', () => {
    const { steps, total } = summarise(
      [startOf(50, 110, 200, 201), startOf(60, 130, 210, 211), startOf(40, 100, 300, 303)],
      'main',
    );
    expect(steps.map(({ medianMs }) => medianMs)).toEqual([50, 60, 90, 1]);
    expect(steps.map(({ shortestMs }) => shortestMs)).toEqual([40, 60, 80, 1]);
    expect(steps.map(({ cpuMs }) => cpuMs)).toEqual([25, 30, 45, 0.5]);
    expect(total).toMatchObject({ medianMs: 211, shortestMs: 201, longestMs: 303, cpuMs: 105.5 });
  });

  test('count other programs before and after the window, and list what took time before it', () => {
    const spans = [process('pactl info', 120, 10), process('pactl subscribe', 150, null), process('ffmpeg', 400, 60)];
    const { parts, processesBefore, processesAfter } = summarise([startOf(50, 110, 200, 201, spans)], 'main');
    expect([processesBefore, processesAfter]).toEqual([2, 1]);
    expect(parts.map(({ what, medianMs }) => [what, medianMs])).toEqual([['process: pactl info', 10]]);
  });

  test('of the panel have two steps', () => {
    const start = { ...startOf(50, 0, 0, 250), marks: { node: 50, window: 250 }, cpu: { node: 50, window: 200 } };
    expect(summarise([start], 'panel').steps.map(({ medianMs }) => medianMs)).toEqual([50, 200]);
  });

  test('of two builds stand beside each other', () => {
    const before = summarise([startOf(50, 110, 200, 201, [process('ffmpeg', 120, 60)])], 'main');
    const now = summarise([startOf(50, 110, 160, 161)], 'main');
    const [steps, parts] = tablesOf(now, before);
    expect(steps?.rows.find(([what]) => what === 'services')).toEqual([
      'services',
      '90.0',
      '90.0',
      '45.0',
      '50.0',
      '50.0',
      '25.0',
    ]);
    expect(parts?.rows).toEqual([['process: ffmpeg', '60.0', '60.0', '', '–', '–', '']]);
  });
});
