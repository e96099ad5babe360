import type { SeriesFacts, SessionHistory } from './diagnostics.js';
import type { Notice } from './errors.js';
import { byLanguage } from './language.js';

/** Plots are drawn in a box of this size, whatever their size on a page. */
export const plotBox = { width: 600, height: 100 };

type Series = keyof SessionHistory['facts'];

/** One line of a plot: its name, and its shape in the box, with gaps where there was no sound. */
export interface PlotLine {
  series: Series;
  label: Notice;
  path: string;
}

/** One plot of a session, for a page that draws it and a reader who does not see it. */
export interface SessionPlot {
  id: 'levels' | 'noise' | 'delay' | 'load' | 'underruns';
  title: Notice;
  /** What the lines say, in sentences. */
  summaries: Notice[];
  lines: PlotLine[];
  /** The ends of the upright axis, with their unit. */
  low: Notice;
  high: Notice;
}

interface PlotKind {
  id: SessionPlot['id'];
  series: readonly Series[];
  unit: 'session.db' | 'session.ms' | 'session.percent' | 'session.count';
  /** Values are shown times this. */
  scale: number;
  low: number;
  /** The top of the axis at least. */
  high: number;
  /** In these steps the top goes up. */
  step: number;
}

/** The highest value is not drawn on the edge. */
const headroom = 1.05;

const kinds: readonly PlotKind[] = [
  { id: 'levels', series: ['inputDb', 'outputDb'], unit: 'session.db', scale: 1, low: -80, high: 0, step: 10 },
  { id: 'noise', series: ['noiseReductionDb'], unit: 'session.db', scale: 1, low: 0, high: 20, step: 10 },
  { id: 'delay', series: ['delayMs'], unit: 'session.ms', scale: 1, low: 0, high: 50, step: 50 },
  { id: 'load', series: ['loadP99'], unit: 'session.percent', scale: 100, low: 0, high: 50, step: 50 },
  { id: 'underruns', series: ['underruns'], unit: 'session.count', scale: 1, low: 0, high: 5, step: 5 },
];

const whole = byLanguage((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const tenths = byLanguage((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));
const format = (value: number): string =>
  (Math.abs(value) < 9.95 ? tenths() : whole()).format(value).replace('-', '−').replace(/^−0$/, '0');

/** The plots of a session, in the current language. */
export function plotSession(history: SessionHistory): SessionPlot[] {
  return kinds.map(({ id, series, unit, scale, low, high, step }) => {
    const scaled = series.map((name) => history[name].map((value) => (value === null ? null : value * scale)));
    const largest = Math.max(low, ...scaled.flatMap((values) => values.filter((value) => value !== null)));
    const top = Math.max(high, Math.ceil((largest * headroom) / step) * step);
    return {
      id,
      title: { code: `session.plot.${id}`, params: {} },
      summaries: series.map((name) => summarise(name, history.facts[name], scale, series.length === 1)),
      lines: series.map((name, index) => ({
        series: name,
        label: { code: `session.line.${name}`, params: {} },
        path: drawSteps(scaled[index] ?? [], low, top),
      })),
      low: { code: unit, params: { value: format(low) } },
      high: { code: unit, params: { value: format(top) } },
    };
  });
}

/** `isAlone`: the plot's title names the line already. */
function summarise(series: Series, facts: SeriesFacts | null, scale: number, isAlone: boolean): Notice {
  if (!facts && isAlone) return { code: 'session.summary.nothing', params: {} };
  if (!facts) return { code: 'session.summary.none', params: { line: { code: `session.line.${series}`, params: {} } } };
  const { seconds, lowest, mean, highest } = facts;
  if (series === 'underruns')
    return { code: 'session.summary.underruns', params: { count: Math.round(mean * seconds) } };
  return {
    code: `session.summary.${series}`,
    params: { lowest: format(lowest * scale), mean: format(mean * scale), highest: format(highest * scale) },
  };
}

/** A line of level steps, so that one value alone can be seen; values beyond the box are at its edge. */
function drawSteps(values: readonly (number | null)[], low: number, high: number): string {
  const width = plotBox.width / Math.max(1, values.length);
  const round = (value: number): number => Math.round(value * 10) / 10;
  const heightOf = (value: number): number => {
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
    return round(plotBox.height * (1 - share));
  };
  return values
    .map((value, index) => {
      if (value === null) return '';
      const begin =
        (values[index - 1] ?? null) === null ? `M${round(index * width)} ${heightOf(value)}` : `V${heightOf(value)}`;
      return `${begin}H${round((index + 1) * width)}`;
    })
    .join('');
}

/** How long the session is, in seconds. */
export const sessionSeconds = ({ stepSeconds, inputDb }: Pick<SessionHistory, 'stepSeconds' | 'inputDb'>): number =>
  stepSeconds * inputDb.length;
