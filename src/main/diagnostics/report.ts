import { checkOutcome, type CheckView } from '../../shared/diagnostics.js';
import type { Notice } from '../../shared/errors.js';
import { byLanguage, currentLanguage } from '../../shared/language.js';
import { describe } from '../../shared/messages/index.js';
import { plotBox, plotSession, sessionSeconds, type SessionPlot } from '../../shared/sessionPlot.js';
import type { Device } from '../../shared/state.js';
import type { SessionFacts } from './facts.js';
import { Html, html, nothing } from './html.js';
import { reportStyle } from './reportStyle.js';

const said = (code: string, params: Notice['params'] = {}): string => describe({ code, params }).message;

const moment = byLanguage((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium' }));
const shortMoment = byLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' }),
);
const tenths = byLanguage((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));
const figure = (value: number | null): string => (value === null ? '–' : tenths().format(value).replace(/^-/, '−'));

/**
 * The session as one page that needs nothing else: no script, no file, no network. In the current language. The facts are expected
 * to be scrubbed; everything is escaped here.
 */
export function writeReport(facts: SessionFacts): string {
  const { state, writtenAtMs } = facts;
  const title = said('report.title');
  const page = html`<!doctype html>
    <html lang="${currentLanguage()}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p>${said('report.written', { moment: moment().format(writtenAtMs), version: state.version })}</p>
          <p>${said('report.private')}</p>
        </header>
        <main>
          ${[
            systemPart(facts),
            devicesPart(facts),
            enginePart(facts),
            statisticsPart(facts),
            changesPart(facts),
            tokenPart(facts),
            selfTestPart(facts),
            checksPart(facts.checks),
          ]}
        </main>
      </body>
    </html> `;
  return page.text;
}

function section(code: string, content: Html): Html {
  return html`<section>
    <h2>${said(code)}</h2>
    ${content}
  </section>`;
}

type Row = readonly [code: string, value: string];

/** Rows of a name and what there is to say. */
const factTable = (caption: string, rows: readonly Row[]): Html =>
  html`<table class="facts">
    <caption>
      ${said(caption)}
    </caption>
    <tbody>
      ${rows.map(
        ([code, value]) =>
          html`<tr>
            <th scope="row">${said(code)}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const dataTable = (caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): Html =>
  html`<div class="wide" role="region" tabindex="0" aria-label="${said(caption)}">
    <table>
      <caption>
        ${said(caption)}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${said(head)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const paragraph = (code: string): Html => html`<p>${said(code)}</p>`;

function systemPart({ system, state }: SessionFacts): Html {
  const programs = [
    `Node ${system.node}`,
    ...(system.electron ? [`Electron ${system.electron}`] : []),
    ...(system.chromium ? [`Chromium ${system.chromium}`] : []),
  ];
  return section(
    'report.system',
    factTable('report.system', [
      ['report.limpid', `${state.version} (${state.host})`],
      ['report.os', `${system.system} ${system.release} · ${system.build}`],
      ['report.processor', `${system.processor} × ${system.cores}`],
      ['report.memory', `${system.memoryGb}\u00a0GB`],
      ['report.programs', programs.join(', ')],
      ['report.core', [system.portAudio, system.compiler].filter(Boolean).join(' · ') || '–'],
    ]),
  );
}

function devicesPart({ state }: SessionFacts): Html {
  const { input, output } = state;
  const all = [...new Map([...input.devices, ...output.devices].map((device) => [device.id, device])).values()];
  const rowOf = (device: Device): string[] => [
    device.name,
    said(`report.kind.${device.kind}`),
    device.hostApi,
    `${device.inputs} / ${device.outputs}`,
    `${figure(device.defaultRate)}\u00a0Hz`,
    said(`report.chosen.${chosenAs(device, state)}`),
  ];
  return section(
    'report.devices',
    html`${factTable('report.chosen', [
      ['report.input', nameOf(input)],
      ['report.output', nameOf(output)],
    ])}
    ${dataTable(
      'report.devices.all',
      ['report.name', 'report.kind', 'report.interface', 'report.channels', 'report.rate', 'report.used'],
      all.map(rowOf),
    )}`,
  );
}

function chosenAs({ name }: Device, { input, output }: SessionFacts['state']): 'no' | 'input' | 'output' | 'both' {
  const [isInput, isOutput] = [input.chosenName === name, output.chosenName === name];
  if (isInput && isOutput) return 'both';
  return isInput ? 'input' : isOutput ? 'output' : 'no';
}

function nameOf({ chosenName, present }: SessionFacts['state']['input']): string {
  if (chosenName === null) return said('session.nothing');
  return present ? chosenName : said('report.away', { name: chosenName });
}

function enginePart({ state, numbers }: SessionFacts): Html {
  const { licensed } = state;
  const running: Row[] = numbers
    ? [
        ['report.rates', `${figure(numbers.inputRate)} / ${figure(numbers.outputRate)}\u00a0Hz`],
        ['report.periods', `${figure(numbers.inputPeriodFrames)} / ${figure(numbers.outputPeriodFrames)}`],
        ['report.real-time', said(numbers.realTimePriority ? 'report.yes' : 'report.no')],
        ['report.restarts', figure(numbers.restarts)],
        ['report.drift', `${figure(numbers.driftPpm)}\u00a0ppm`],
        ['report.delay', `${figure(numbers.delay.totalMs)}\u00a0ms`],
        ['report.dropped', `${figure(numbers.droppedFrames)} / ${figure(numbers.insertedFrames)}`],
      ]
    : [];
  return section(
    'report.engine',
    factTable('report.engine', [
      ['report.status', describe(state.status).message],
      ['report.problem', state.problem ? describe(state.problem).message : said('report.none')],
      ['report.chosen-engine', said(`session.engine.${state.engine}`)],
      ['report.heard-engine', said(`session.engine.${state.heardEngine}`)],
      ['report.strength', `${figure(Math.round(state.level * 100))}\u00a0%`],
      ['report.bypass', said(state.bypass ? 'report.yes' : 'report.no')],
      [
        'report.model',
        licensed.loaded ? `${licensed.loaded.modelId} · SDK ${licensed.loaded.sdkVersion}` : said('report.none'),
      ],
      ...running,
    ]),
  );
}

function statisticsPart({ history }: SessionFacts): Html {
  const plots = plotSession(history);
  const endMs = history.startedAtMs + sessionSeconds(history) * 1000;
  const times = [shortMoment().format(history.startedAtMs), shortMoment().format(endMs)] as const;
  const rows = plots
    .flatMap(({ lines }) => lines)
    .map(({ series, label }) => {
      const facts = history.facts[series];
      const scale = series === 'loadP99' ? 100 : 1;
      const shown = (value: number | undefined): string => (value === undefined ? '–' : figure(value * scale));
      return [describe(label).message, shown(facts?.lowest), shown(facts?.mean), shown(facts?.highest)];
    });
  return section(
    'report.statistics',
    html`${dataTable('report.statistics.table', ['report.line', 'report.lowest', 'report.mean', 'report.highest'], rows)}
    ${plots.map((plot) => drawPlot(plot, times))}`,
  );
}

/** The plot, with its summary as the text that stands for it. */
function drawPlot(
  { id, title, summaries, lines, low, high }: SessionPlot,
  [begin, end]: readonly [string, string],
): Html {
  const words = summaries.map((summary) => describe(summary).message).join(' ');
  const { width, height } = plotBox;
  return html`<figure>
    <figcaption><strong>${describe(title).message}</strong> ${words}</figcaption>
    <div class="frame">
      <p class="scale"><span>${describe(high).message}</span><span>${describe(low).message}</span></p>
      <svg
        role="img"
        aria-labelledby="${id}-title ${id}-words"
        viewBox="0 0 ${width} ${height}"
        preserveAspectRatio="none"
      >
        <title id="${id}-title">${describe(title).message}</title>
        <desc id="${id}-words">${words}</desc>
        ${lines.map(({ path, series }) => html`<path class="line line-${series}" d="${path}" />`)}
      </svg>
      <p class="times"><span>${begin}</span><span>${end}</span></p>
    </div>
    ${
      lines.length > 1
        ? html`<ul class="key">
            ${lines.map(
              ({ label, series }) =>
                html`<li>
                  <svg viewBox="0 0 30 6" aria-hidden="true"><path class="line line-${series}" d="M0 3H30" /></svg>
                  ${describe(label).message}
                </li>`,
            )}
          </ul>`
        : nothing
    }
  </figure>`;
}

interface Happening {
  atMs: number;
  notice: Notice;
}

const timeline = (happenings: readonly Happening[]): Html =>
  html`<ol class="timeline">
    ${happenings.map(
      ({ atMs, notice }) =>
        html`<li>
          <time datetime="${new Date(atMs).toISOString()}">${shortMoment().format(atMs)}</time>
          ${describe(notice).message}
        </li>`,
    )}
  </ol>`;

function changesPart({ history }: SessionFacts): Html {
  const { changes } = history;
  return section('report.changes', changes.length > 0 ? timeline(changes) : paragraph('report.changes.none'));
}

function tokenPart({ state: { token } }: SessionFacts): Html {
  const at = (ms: number | null): string => (ms === null ? '–' : shortMoment().format(ms));
  const history = token.history.toReversed();
  return section(
    'report.token',
    html`${factTable('report.token', [
      ['report.token.state', said(`report.token.${token.state}`)],
      ['report.token.environment', token.environment ?? '–'],
      ['report.token.issued', at(token.issuedAtMs)],
      ['report.token.expires', at(token.expiresAtMs)],
      ['report.token.refreshes', figure(token.refreshes)],
      ['report.token.failures', figure(token.failures)],
    ])}
    ${history.length > 0 ? timeline(history) : paragraph('report.token.none')}`,
  );
}

function selfTestPart({ state: { selfTest } }: SessionFacts): Html {
  const { last } = selfTest;
  if (!last) return section('report.self-test', paragraph('report.self-test.none'));
  const { message, hint } = describe(last.verdict);
  const unit = (value: number | null, name: string): string => (value === null ? '–' : `${figure(value)}\u00a0${name}`);
  return section(
    'report.self-test',
    html`<p><strong>${said(last.passed ? 'report.passed' : 'report.failed')}</strong> ${message} ${hint}</p>
      ${factTable('report.self-test', [
        ['selfTest.input', last.inputName],
        ['selfTest.output', last.outputName],
        ['selfTest.heard', `${figure(last.heard)} / ${figure(last.played)}`],
        ['selfTest.round-trip', unit(last.roundTripMs, 'ms')],
        ['selfTest.jitter', unit(last.jitterMs, 'ms')],
        ['selfTest.missing', `${figure(last.gaps)} · ${unit(last.gapSeconds, 's')}`],
        ['selfTest.signal', unit(last.signalDb, 'dBFS')],
        ['selfTest.noise', unit(last.noiseDb, 'dBFS')],
      ])}`,
  );
}

function checksPart(checks: readonly CheckView[]): Html {
  if (checks.length === 0) return section('report.checks', paragraph('report.checks.none'));
  const rows = checks.map((check, index) => {
    const { id, notice } = check;
    const { message, hint } = notice ? describe(notice) : { message: '–', hint: '' };
    return [
      String(index + 1),
      said(`check.name.${id}`),
      said(`check.outcome.${checkOutcome(check)}`),
      `${message} ${hint}`.trim(),
    ];
  });
  return section(
    'report.checks',
    dataTable('report.checks', ['report.number', 'report.check', 'report.outcome', 'report.found'], rows),
  );
}
