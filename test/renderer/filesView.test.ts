import { describe, expect, test } from 'vitest';
import {
  enginePlan,
  exampleName,
  fileQuestion,
  fileRow,
  filterFiles,
  formatLength,
  formatsLine,
  formatTimeLeft,
  isSoundName,
  mergeFiles,
  nameOfPath,
  pastedPath,
  patternProblem,
  queueSummary,
  uploadView,
} from '../../src/renderer/src/view/filesView.js';
import { emptyFilesView, fileItem, type FileItem, type FilesView } from '../../src/shared/files.js';
import { setLanguage } from '../../src/shared/language.js';

const aFile = (id: string, part: Partial<FileItem> = {}): FileItem =>
  fileItem.parse({
    id,
    name: `${id}.wav`,
    folder: '/music',
    status: 'waiting',
    progress: 0,
    speed: null,
    secondsLeft: null,
    result: null,
    notice: null,
    ...part,
  });
const result: NonNullable<FileItem['result']> = {
  path: '/music/a (enhanced).wav',
  seconds: 754,
  inputDb: -23.4,
  outputDb: -24,
  noiseReductionDb: 18.3,
  realTimeFactor: 0.0412,
  engine: 'gtcrn',
};

describe('files that are new or changed', () => {
  const [a, b, c] = [aFile('a'), aFile('b'), aFile('c')];

  test('stand in the order in which they came', () => {
    const merged = mergeFiles([a, b], { changed: [c, aFile('a', { status: 'running' })], removed: [] });
    expect(merged.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'running'],
      ['b', 'waiting'],
      ['c', 'waiting'],
    ]);
  });

  test('leave the others what they are, so that nothing else is drawn', () => {
    const merged = mergeFiles([a, b], { changed: [aFile('a', { status: 'done' })], removed: [] });
    expect(merged[1]).toBe(b);
  });

  test('are gone when they were removed, whatever else was said of them', () => {
    expect(mergeFiles([a, b], { changed: [aFile('c')], removed: ['a', 'c', 'x'] })).toEqual([b]);
  });
});

describe('a row', () => {
  test('of a file that runs says how far it is, how fast, and how long it still takes', () => {
    const row = fileRow(aFile('a', { status: 'running', progress: 0.42, speed: 24.3, secondsLeft: 38 }));
    expect(row).toMatchObject({
      status: 'Enhancing',
      percent: '42\u00a0%',
      pace: ['24× real time', 'About 40\u00a0s left'],
      action: 'cancel',
      canRemove: false,
    });
  });

  test('says nothing of a speed that is not known, nor of one that is over', () => {
    expect(fileRow(aFile('a', { status: 'running' })).pace).toEqual([]);
    expect(fileRow(aFile('a', { status: 'cancelled', speed: 3, secondsLeft: 4 }))).toMatchObject({
      pace: [],
      percent: null,
    });
  });

  test('of a finished file has its figures and its result', () => {
    const row = fileRow(aFile('a', { status: 'done', progress: 1, result }));
    expect(row.figures.map(({ value }) => value)).toEqual(['−23\u00a0dB', '18\u00a0dB', '0.04', '12:34']);
    expect(row).toMatchObject({ output: 'a (enhanced).wav', action: 'listen', canOpenFolder: true, canRemove: true });
  });

  test('knows no noise reduction where none was measured', () => {
    const row = fileRow(aFile('a', { status: 'done', result: { ...result, noiseReductionDb: null } }));
    expect(row.figures.find(({ id }) => id === 'reduction')?.value).toBeNull();
  });

  test('of a broken file says why and what to do, and offers to try again', () => {
    const row = fileRow(
      aFile('a', { status: 'failed', notice: { code: 'file.not-wav', params: { detail: 'a.wav' } } }),
    );
    expect(row.message?.message).toContain('This file cannot be read as sound');
    expect(row.message?.hint).not.toBe('');
    expect(row).toMatchObject({ action: 'retry', canRemove: true, canOpenFolder: false });
  });

  test('leaves what a file asks to its question', () => {
    const item = aFile('a', { status: 'asks', notice: { code: 'files.exists', params: { path: '/music/b.wav' } } });
    expect(fileRow(item)).toMatchObject({ message: null, action: 'cancel' });
    expect(fileQuestion(item).message).toContain('/music/b.wav');
    expect(fileQuestion(aFile('a', { status: 'asks' })).message).toContain('a.wav');
  });
});

test.each([
  ['/a/b/c.wav', 'c.wav'],
  ['C:\\a\\c.wav', 'c.wav'],
  ['/a/b/', 'b'],
  ['/', '/'],
])('the name of %s is %s', (path, name) => {
  expect(nameOfPath(path)).toBe(name);
});

test.each([
  [0, '0:00'],
  [59.6, '1:00'],
  [754.2, '12:34'],
  [3599.4, '59:59'],
  [3600, '1:00:00'],
  [100 * 3600 + 61, '100:01:01'],
])('%d seconds are %s', (seconds, shown) => {
  expect(formatLength(seconds)).toBe(shown);
});

test.each([
  [0, 'About 5\u00a0s left'],
  [38, 'About 40\u00a0s left'],
  [56, 'About 1\u00a0min left'],
  [61, 'About 2\u00a0min left'],
  [3601, 'About 1\u00a0h 1\u00a0min left'],
])('%d seconds: %s', (seconds, shown) => {
  expect(formatTimeLeft(seconds)).toBe(shown);
});

describe('the queue as a whole', () => {
  const view = (counts: Partial<FilesView['counts']>, part: Partial<FilesView> = {}): FilesView => ({
    ...emptyFilesView,
    counts: { ...emptyFilesView.counts, ...counts },
    ...part,
  });

  test('says nothing while it is empty', () => {
    expect(queueSummary(view({}))).toMatchObject({ total: 0, sentences: [], isOver: true });
  });

  test('says what is done, what failed, what asks and what is left', () => {
    const { sentences } = queueSummary(view({ done: 12, failed: 1, asks: 2, waiting: 485 }, { secondsLeft: 61 }));
    expect(sentences).toEqual([
      '12 of 500 files are done.',
      '1 file failed.',
      '2 files wait for your answer.',
      'About 2\u00a0min left.',
    ]);
  });

  test('has something urgent to say when a file asks and when all is over, not when one is done', () => {
    const urgency = (counts: Partial<FilesView['counts']>) => queueSummary(view(counts)).urgency;
    expect(urgency({ waiting: 2, done: 1 })).toBe(urgency({ waiting: 1, done: 2 }));
    expect(urgency({ waiting: 1, asks: 1 })).not.toBe(urgency({ waiting: 2 }));
    // Of the many that ask after the first, nobody need hear at once.
    expect(urgency({ waiting: 1, asks: 2 })).toBe(urgency({ waiting: 2, asks: 1 }));
    expect(urgency({ done: 2 })).not.toBe(urgency({ waiting: 1, done: 1 }));
  });

  test('is found by how files stand', () => {
    const items = [
      aFile('a'),
      aFile('b', { status: 'asks' }),
      aFile('c', { status: 'failed' }),
      aFile('d', { status: 'done' }),
      aFile('e', { status: 'cancelled' }),
    ];
    const ids = (filter: Parameters<typeof filterFiles>[1]) =>
      filterFiles(items, filter)
        .map(({ id }) => id)
        .join('');
    expect([ids('all'), ids('open'), ids('attention'), ids('done')]).toEqual(['abcde', 'a', 'bce', 'd']);
  });
});

describe('a naming pattern', () => {
  test.each(['{name}', '{name} (enhanced)', '{date} {time} {name} {engine}', '  {name}  ', 'Größe – {name}'])(
    'may be %s',
    (pattern) => {
      expect(patternProblem(pattern)).toBeNull();
    },
  );

  test.each([
    ['', 'Write a name.'],
    ['   ', 'Write a name.'],
    [`{name}${'x'.repeat(200)}`, 'The name is too long.'],
    ['{name} at {place}', '{place} is not known.'],
    ['{name', 'A brace stands alone.'],
    ['{name}}', 'A brace stands alone.'],
    ['clean/{name}', 'The character “/”'],
    ['{name}\\x', 'The character “\\”'],
    ['{name}: clean', 'The character “:”'],
    ['clean', '{name} is missing'],
  ])('%s is refused', (pattern, why) => {
    expect(patternProblem(pattern)).toContain(why);
  });

  test('is shown by an example', () => {
    const at = new Date(2026, 10, 21, 9, 5, 7).getTime();
    expect(exampleName('{name} {engine} {date} {time}', 'gtcrn', at)).toBe('interview gtcrn 2026-11-21 09-05-07.wav');
    expect(exampleName(' {name} {place} ', 'aic', at)).toBe('interview {place}.wav');
  });
});

test.each([
  ['a.wav', true, true],
  ['A.WAV', true, true],
  ['a.mp3', true, false],
  ['film.MOV', true, false],
  ['notes.txt', false, false],
  ['wav', false, false],
  ['._a.wav', false, false],
])('%s of a folder is added: with ffmpeg %s, without %s', (name, withFfmpeg, without) => {
  expect(isSoundName(name, true)).toBe(withFfmpeg);
  expect(isSoundName(name, false)).toBe(without);
});

test.each([
  [' /a b/c.wav ', '/a b/c.wav'],
  ['"C:\\a b\\c.wav"', 'C:\\a b\\c.wav'],
  ["'/a/b'", '/a/b'],
  ['"/a', '"/a'],
  ['""', '""'],
])('the pasted %s is %s', (typed, path) => {
  expect(pastedPath(typed)).toBe(path);
});

test('says which engine is used and how strongly, and where that would change nothing', () => {
  expect(enginePlan({ engine: 'gtcrn', level: 0.8 }).message).toContain('“Remove noise” at 80');
  expect(enginePlan({ engine: 'gtcrn', level: 0.8 }).isIdle).toBe(false);
  expect(enginePlan({ engine: 'gtcrn', level: 0 }).isIdle).toBe(true);
  expect(enginePlan({ engine: 'bypass', level: 1 }).isIdle).toBe(true);
});

test('says what can be opened', () => {
  expect(formatsLine('5.1.8').message).toContain('ffmpeg 5.1.8');
  expect(formatsLine(null).hint).toContain('Install ffmpeg');
});

test('tells how much was sent, never more than all', () => {
  expect(uploadView({ count: 1, sentBytes: 5_240_000, totalBytes: 12_000_000 })).toEqual({
    message: '1 file is being sent to the computer that runs Limpid.',
    amount: '5.2 of 12\u00a0MB',
    share: 5_240_000 / 12_000_000,
  });
  expect(uploadView({ count: 1, sentBytes: 3, totalBytes: 2 }).share).toBe(1);
  expect(uploadView({ count: 1, sentBytes: 0, totalBytes: 0 }).share).toBe(0);
});

test('numbers follow the language', () => {
  setLanguage('de');
  try {
    const row = fileRow(aFile('a', { status: 'running', speed: 2.46 }));
    expect(row.pace).toEqual(['2,5× Echtzeit']);
  } finally {
    setLanguage('en');
  }
});
