import { afterEach, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../src/backend/errors.js';
import { ServerLog } from '../../src/backend/log.js';

function catchLines(write: (log: ServerLog) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(new ServerLog('info', { write: (line: string) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

afterEach(() => void vi.useRealTimers());

it('writes a few refusals a second, and counts the others in one line', async () => {
  vi.useFakeTimers();
  const lines: Record<string, unknown>[] = [];
  const log = new ServerLog('info', {
    write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]),
  });
  const refuse = (reason: ErrorCode, times: number) => {
    for (let index = 0; index < times; index++) {
      log.refuse({ event: 'refused', requestId: 'a', callerRequestId: null, provider: 'soniox', reason });
    }
  };
  refuse('credential_missing', 9000);
  refuse('credential_unknown', 300);
  expect(lines.map(({ event }) => event)).toEqual(Array<string>(5).fill('refused'));
  vi.advanceTimersByTime(1000);
  expect(lines.slice(5)).toMatchObject([
    { event: 'refused_more', reasons: { credential_missing: 8995, credential_unknown: 300 } },
  ]);
  refuse('credential_missing', 5);
  vi.advanceTimersByTime(1000);
  expect(lines.slice(6).map(({ event }) => event)).toEqual(Array<string>(5).fill('refused'));
  refuse('credential_missing', 7);
  await log.close();
  expect(lines.at(-1)).toMatchObject({ event: 'refused_more', reasons: { credential_missing: 2 } });
});

it('blacks out what bears the name of a secret, should it ever get here', () => {
  const [line] = catchLines((log) =>
    log.info('mistake', { token: 'a-token', apiKey: 'a-key', headers: { cookie: 'a' }, port: 1 }),
  );
  expect(line).toMatchObject({ event: 'mistake', token: '[hidden]', apiKey: '[hidden]', headers: '[hidden]', port: 1 });
});

it('says of an unforeseen error where it came from, and not what it quotes', () => {
  const [line] = catchLines((log) => {
    try {
      JSON.parse('token-of-a-vendor');
    } catch (cause) {
      log.unexpected(new TypeError('token-of-a-vendor', { cause }), 'request-1');
    }
  });
  expect(line).toMatchObject({
    level: 'error',
    event: 'internal_error',
    requestId: 'request-1',
    error: { name: 'TypeError', cause: { name: 'SyntaxError' } },
  });
  expect(JSON.stringify(line)).toContain('log.test.ts');
  expect(JSON.stringify(line)).not.toContain('token-of');
});

it('copes with what is no error', () => {
  const [line] = catchLines((log) => log.unexpected('a text', null));
  expect(line).toMatchObject({ error: { name: 'string' } });
});
