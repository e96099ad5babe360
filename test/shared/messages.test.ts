import { describe as group, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import { areas } from '../../src/shared/messages/en/index.js';
import { describe, describeError, toErrorShape, type Message } from '../../src/shared/messages/index.js';
import { findCodesInSources, readNativeCodes } from './codesInSources.js';

const entries = Object.values<Record<string, Message>>(areas).flatMap((area) => Object.entries(area));
const catalogue = new Map<string, Message>(entries);
/** A sentence that changes with its count stands for all its forms. */
const entryOf = (code: string) => catalogue.get(code) ?? catalogue.get(`${code}.other`);

const placeholdersOf = ({ message, hint }: Message) =>
  new Set([...`${message} ${hint}`.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name));

const nativeCodes = readNativeCodes();
const uses = findCodesInSources();

group('the catalogue', () => {
  test('holds each code once', () => {
    expect(entries.length).toBe(catalogue.size);
  });

  test.each([...nativeCodes, ...uses.filter(({ thrown }) => thrown).map(({ code }) => code)])(
    'says what %s is, and what to do, in whole sentences',
    (code) => {
      expect(entryOf(code)?.message).toMatch(/^[A-Z{“].*[.?!…]$/);
      expect(entryOf(code)?.hint).toMatch(/^[A-Z{“].*[.?!…]$/);
    },
  );

  test.each(nativeCodes)('fills the native error %s with {detail} only', (code) => {
    const entry = entryOf(code);
    expect([...placeholdersOf(entry ?? { message: '', hint: '' })].filter((name) => name !== 'detail')).toEqual([]);
  });
});

group('every code in the sources', () => {
  test('is found at all', () => {
    expect(uses.filter(({ thrown }) => thrown).length).toBeGreaterThan(20);
    expect(uses.filter(({ thrown }) => !thrown).length).toBeGreaterThan(5);
    expect(nativeCodes.length).toBeGreaterThan(15);
  });

  test.each(uses)('$code in $path has its sentence', ({ code }) => {
    expect(entryOf(code)?.message).toBeTruthy();
  });

  test.each(uses.filter(({ params }) => params))('$code in $path fills every placeholder', ({ code, params }) => {
    const entry = entryOf(code) ?? { message: '', hint: '' };
    expect([...placeholdersOf(entry)].filter((name) => !params?.includes(name))).toEqual([]);
  });
});

group('a notice in words', () => {
  test('fills in the values', () => {
    const { message } = describe({ code: 'usage.engine', params: { value: 'steam', engines: 'gtcrn, bypass' } });
    expect(message).toBe('There is no engine “steam”.');
  });

  test('tells a notice within by its own sentence', () => {
    const reason = { code: 'backend.refused', params: { host: 'tokens.example' } };
    const { message } = describe({ code: 'token.failed', params: { reason } });
    expect(message).toBe('No new token: Nothing answers at tokens.example.');
  });

  test.each([
    [1, '1 sample was no valid number and was taken as silence.'],
    [0, '0 samples were no valid numbers and were taken as silence.'],
    [12_345, '12,345 samples were no valid numbers and were taken as silence.'],
  ])('has the form that belongs to the count %d', (count, sentence) => {
    expect(describe({ code: 'file.not-finite', params: { count } }).message).toBe(sentence);
  });

  test('leaves numbers that are names as they are', () => {
    expect(describe({ code: 'panel.running', params: { port: 8787 } }).message).toContain('port 8787.');
  });

  test('reads an unknown code as an internal error', () => {
    expect(describe({ code: 'no.such', params: {} })).toEqual(describe({ code: 'internal', params: {} }));
  });
});

group('an error from elsewhere', () => {
  const shape = { code: 'device.busy', message: 'Belegt.', hint: 'Warten.' };

  test('is told by its code', () => {
    expect(describeError({ ...shape, params: { detail: 'x' } }).message).toContain('Another program is using');
  });

  test('keeps its own words where only they came, or where this side does not know the code', () => {
    expect(describeError(shape)).toEqual({ message: 'Belegt.', hint: 'Warten.' });
    expect(describeError({ ...shape, code: 'of.tomorrow', params: {} })).toEqual({
      message: 'Belegt.',
      hint: 'Warten.',
    });
  });
});

group('toErrorShape', () => {
  test('hands on the values of its sentences, and no others', () => {
    const error = new LimpidError('panel.running', { port: 8787, secret: 'abc' });
    expect(toErrorShape(error).params).toEqual({ port: 8787 });
  });

  test('hands on of a notice within, at any depth, the values of its sentences, and no others', () => {
    const secret = 'abc';
    const running = { code: 'panel.running', params: { port: 1, secret }, secret };
    const reason = { code: 'token.failed', params: { reason: running, secret } };
    const { params } = toErrorShape(new LimpidError('token.failed', { reason, secret }));
    expect(params).toEqual({
      reason: { code: 'token.failed', params: { reason: { code: 'panel.running', params: { port: 1 } } } },
    });
    const unknown = { code: 'of.tomorrow', params: { secret } };
    expect(JSON.stringify(toErrorShape(new LimpidError('token.failed', { reason: unknown })))).not.toContain(secret);
  });

  test('keeps code and retryability of our own errors', () => {
    const error = new LimpidError('usage.no-command', {}, { retryable: true });
    expect(toErrorShape(error)).toMatchObject({ code: 'usage.no-command', retryable: true });
  });

  test('knows errors of the native core by their code', () => {
    const error = Object.assign(new Error('Device busy.'), { code: 'device.busy', detail: 'ALSA says no.' });
    const shape = toErrorShape(error);
    expect(shape.code).toBe('device.busy');
    expect(shape.retryable).toBe(true);
    expect(shape.hint).toContain('ALSA says no');
    expect(shape.hint).not.toContain('..');
  });

  test.each([
    new Error('secret token abc'),
    Object.assign(new Error('secret'), { code: 'ENOENT' }),
    'secret',
    undefined,
    { code: 'device.busy', detail: 'secret' },
  ])('says nothing of an unknown error: %s', (error) => {
    const shape = toErrorShape(error);
    expect(shape.code).toBe('internal');
    expect(JSON.stringify(shape)).not.toContain('secret');
  });
});
