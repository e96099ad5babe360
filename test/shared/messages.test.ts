import { describe as group, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import { areas, describe, toErrorShape, type Message } from '../../src/shared/messages/index.js';
import { findCodesInSources, readNativeCodes } from './codesInSources.js';

const entries = Object.values(areas).flatMap((area) => Object.entries(area));
const catalogue = new Map<string, Message>(entries);

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
      expect(catalogue.get(code)?.message).toMatch(/^[A-Z{“].*[.?!…]$/);
      expect(catalogue.get(code)?.hint).toMatch(/^[A-Z{“].*[.?!…]$/);
    },
  );

  test.each(nativeCodes)('fills the native error %s with {detail} only', (code) => {
    const entry = catalogue.get(code);
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
    expect(catalogue.get(code)?.message).toBeTruthy();
  });

  test.each(uses.filter(({ params }) => params))('$code in $path fills every placeholder', ({ code, params }) => {
    const entry = catalogue.get(code) ?? { message: '', hint: '' };
    expect([...placeholdersOf(entry)].filter((name) => !params?.includes(name))).toEqual([]);
  });
});

group('a notice in words', () => {
  test('fills in the values', () => {
    const { message } = describe({ code: 'usage.engine', params: { value: 'steam', engines: 'gtcrn, bypass' } });
    expect(message).toBe('There is no engine “steam”.');
  });

  test('reads an unknown code as an internal error', () => {
    expect(describe({ code: 'no.such', params: {} })).toEqual(describe({ code: 'internal', params: {} }));
  });
});

group('toErrorShape', () => {
  test('keeps code and retryability of our own errors', () => {
    const error = new LimpidError('usage.no-command', {}, { retryable: true });
    expect(toErrorShape(error)).toMatchObject({ code: 'usage.no-command', retryable: true });
  });

  test('knows errors of the native core by their code', () => {
    const error = Object.assign(new Error('Device busy.'), { code: 'device.busy', detail: 'ALSA says no.' });
    const shape = toErrorShape(error);
    expect(shape.code).toBe('device.busy');
    expect(shape.retryable).toBe(true);
    expect(shape.message).toContain('ALSA says no');
    expect(shape.message).not.toContain('..');
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
