import { describe, expect, test } from 'vitest';
import { escapeHtml } from '../../../src/main/diagnostics/html.js';
import { writeReport } from '../../../src/main/diagnostics/report.js';
import { describe as words } from '../../../src/shared/messages/index.js';
import { inLanguage } from '../../../src/shared/language.js';
import { languages } from '../../../src/shared/preferences.js';
import { emptyHistory } from '../../fakes/appState.js';
import { sessionFacts } from './sessionFacts.js';

const evil = `<script>alert(1)</script>"><img src=x onerror=alert(2)>'&\u0000`;

/** Names of all elements, opening tags only. */
const elementsOf = (page: string) => new Set([...page.matchAll(/<([a-z][\w-]*)/gi)].map(([, name]) => name));

describe.each(languages)('the report in %s', (language) => {
  test('says everything in words, and leaves no placeholder and no name of a sentence', async () => {
    const page = inLanguage(language, () => writeReport({ ...facts }));
    const internal = inLanguage(language, () => words({ code: 'internal', params: {} }).message);
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).not.toContain(internal);
    const text = page.replace(/<style>[^]*<\/style>/, '');
    expect(text).not.toMatch(/[{}]|undefined|NaN|\[object/);
  });

  test('also of a session in which nothing happened', async () => {
    const { state } = facts;
    const empty = {
      ...facts,
      checks: [],
      numbers: null,
      state: {
        ...state,
        selfTest: { running: null, last: null },
        token: { ...state.token, history: [] },
        input: { ...state.input, chosen: null, chosenName: null, devices: [] },
        output: { ...state.output, chosen: null, chosenName: null, devices: [] },
      },
      history: emptyHistory,
    };
    const page = inLanguage(language, () => writeReport(empty));
    expect(page.replace(/<style>[^]*<\/style>/, '')).not.toMatch(/[{}]|undefined|NaN|Infinity/);
  });
});

const facts = await sessionFacts();

describe('the report', () => {
  const page = writeReport(facts);

  test('tells of devices, engine, figures, changes, token, self-test and checks', () => {
    const headings = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'System',
      'Devices',
      'Enhancement',
      'Statistics over time',
      'What changed',
      'Token',
      'Self-test',
      'Checks',
    ]);
    expect(page).toContain('Sound was missing at 1 place');
    expect(page).toContain('41.3\u00a0ms');
    expect(page).toContain('There is no microphone or other input.');
    expect(page).toContain('Not set up, and not needed');
  });

  test('has five plots, each with a text that stands for it', () => {
    const plots = [
      ...page.replaceAll(/\s+/g, ' ').matchAll(/<svg role="img" aria-labelledby="(\S+) (\S+)"[^]*?<\/svg>/g),
    ];
    expect(plots).toHaveLength(5);
    for (const [plot, title = '', desc = ''] of plots) {
      expect(plot).toMatch(new RegExp(`<title id="${title}">[^<]+</title>`));
      expect(plot).toMatch(new RegExp(`<desc id="${desc}">[^<]{10,}</desc>`));
      expect(plot).toMatch(/<path class="line[^"]*" d="M[^"]+"/);
    }
    expect(page).toContain('Microphone from −24 to −24\u00a0dBFS, −24 on average.');
  });

  test('needs nothing else, and runs nothing', () => {
    expect(page).not.toMatch(
      /<(script|link|iframe|object|img|base|form|meta[^>]+refresh)|\son\w+=|javascript:|\ssrc=|\shref=|url\(/i,
    );
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test('shows what came from outside as text', () => {
    const poisoned = structuredClone(facts);
    poisoned.state.input.chosenName = evil;
    poisoned.state.input.devices[0]!.name = evil;
    poisoned.state.input.devices[0]!.hostApi = evil;
    poisoned.state.version = evil;
    poisoned.state.token.environment = evil;
    poisoned.state.problem = { code: 'device.lost', params: { name: evil } };
    poisoned.history.changes = [{ atMs: 0, notice: { code: 'device.lost', params: { name: evil } } }];
    poisoned.checks = [{ id: evil, required: true, result: 'failed', notice: { code: 'internal', params: {} } }];
    poisoned.system.processor = evil;
    poisoned.state.selfTest.last!.inputName = evil;
    const poisonedPage = writeReport(poisoned);
    expect(elementsOf(poisonedPage)).toEqual(elementsOf(page));
    expect(poisonedPage.split(escapeHtml(evil)).length).toBeGreaterThan(8);
    expect(poisonedPage).not.toContain('\u0000');
  });
});
