import { expect, it } from 'vitest';
import { ServerLog } from '../../src/backend/log.js';

function catchLines(write: (log: ServerLog) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(new ServerLog('info', { write: (line: string) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

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
