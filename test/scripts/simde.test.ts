import { expect, test } from 'vitest';
import { isSimdeThere, readMember } from '../../scripts/lib/simde.mjs';

/** A member as `ar` writes it: name, date, owner, group, mode and size in columns. */
const member = (name: string, body: string): string =>
  `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(body.length).padEnd(10)}\`\n${body}${body.length % 2 ? '\n' : ''}`;

const deb = Buffer.from(
  `!<arch>\n${member('debian-binary', '2.0')}${member('control.tar.xz/', 'c')}${member('data.tar.xz', 'data')}`,
);

test('a file of a Debian package is found behind those of odd length', () => {
  expect(readMember(deb, 'data.tar.xz').toString()).toBe('data');
  expect(readMember(deb, 'control.tar.xz').toString()).toBe('c');
});

test.each([
  ['no package', Buffer.from('<html>'), 'no Debian package'],
  ['one without the file', deb.subarray(0, 100), 'no data.tar.xz'],
  ['a broken one', Buffer.concat([deb.subarray(0, 8), Buffer.alloc(60, 'x')]), 'no data.tar.xz'],
])('%s is said to be so', (_what, archive, message) => {
  expect(() => readMember(archive, 'data.tar.xz')).toThrow(message);
});

test('only Windows has to fetch SIMDe, and only where nobody says where it is', () => {
  expect(isSimdeThere('linux', {}, '/nowhere')).toBe(true);
  expect(isSimdeThere('win32', { SIMDE_INCLUDE_DIR: 'C:\\simde' }, '/nowhere')).toBe(true);
  expect(isSimdeThere('win32', {}, '/nowhere')).toBe(false);
});
