import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isBlocking, judgeElectron, readFindings } from '../../scripts/lib/audit-report.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('findings of npm audit', () => {
  const vulnerability = (name: string, severity: string, place = `node_modules/${name}`) => ({
    name,
    severity,
    nodes: [place],
    via: [{ title: `a hole in ${name}`, url: 'https://example.org/advisory' }],
  });
  const shipped = new Set(['node_modules/ws', 'node_modules/a/node_modules/b']);
  const find = (...vulnerabilities: ReturnType<typeof vulnerability>[]) =>
    readFindings({ vulnerabilities: Object.fromEntries(vulnerabilities.map((each) => [each.name, each])) }, shipped);

  test('what is shipped comes first, then the gravest', () => {
    const findings = find(
      vulnerability('vite', 'critical'),
      vulnerability('ws', 'low'),
      vulnerability('b', 'high', 'node_modules/a/node_modules/b'),
    );
    expect(findings.map(({ name }) => name)).toEqual(['b', 'ws', 'vite']);
    expect(findings[0]?.reason).toBe('a hole in b https://example.org/advisory');
  });

  test.each([
    ['ws', 'critical', true],
    ['ws', 'high', true],
    ['ws', 'apocalyptic', true],
    ['ws', 'moderate', false],
    ['vite', 'critical', false],
  ])('%s with a hole that is %s stands against a release: %s', (name, severity, expected) => {
    expect(find(vulnerability(name, severity)).some(isBlocking)).toBe(expected);
  });

  test('the same package at another place is not shipped', () => {
    expect(find(vulnerability('b', 'high', 'node_modules/b')).some(isBlocking)).toBe(false);
  });

  test.each([
    [{ message: '405 Method Not Allowed' }, /405/],
    [{ error: { summary: 'request failed' } }, /request failed/],
    [{}, /no report/],
    [null, /no report/],
  ])('an answer that is no report (%j) is no clean one', (report, reason) => {
    expect(() => readFindings(report, shipped)).toThrow(reason);
  });
});

describe('the pinned Electron', () => {
  const times = {
    created: '2013-01-01T00:00:00Z',
    '42.1.0': '2026-05-01T00:00:00Z',
    '43.0.0': '2026-07-01T00:00:00Z',
    '44.0.0': '2026-09-01T00:00:00Z',
    '45.0.0': '2026-11-01T00:00:00Z',
    '45.0.1': '2026-11-05T00:00:00Z',
    '46.0.0-beta.1': '2026-11-06T00:00:00Z',
  };
  const now = Date.parse('2026-11-21T12:00:00Z');

  test('of one of the three newest majors is fine, and its age is said', () => {
    expect(judgeElectron('45.0.0', times, now)).toEqual({
      ok: true,
      text: 'Electron 45.0.0 is 20 days old; newer ones of its major: 1; the newest majors: 45, 44, 43.',
    });
    expect(judgeElectron('43.0.0', times, now).ok).toBe(true);
  });

  test.each([
    ['42.1.0', /no security fixes/],
    ['^45.0.0', /no exact version/],
    ['45.9.9', /never released/],
  ])('%s is not', (pinned, reason) => {
    const { ok, text } = judgeElectron(pinned, times, now);
    expect([ok, text]).toEqual([false, expect.stringMatching(reason)]);
  });

  test('is one version, in package.json and in the lock', () => {
    const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
    const manifest = read('package.json') as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const lock = read('package-lock.json') as { packages: Record<string, { version?: string; integrity?: string }> };
    expect(manifest.devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(lock.packages['node_modules/electron']?.version).toBe(manifest.devDependencies['electron']);
  });

  test('and every other package is pinned, too, with the sum of its contents', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const asked = Object.values({ ...manifest['dependencies'], ...manifest['devDependencies'] });
    expect(asked.filter((version) => !/^(npm:[\w-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity?: string; inBundle?: boolean; link?: boolean }>;
    };
    const loose = Object.entries(lock.packages).filter(
      ([place, { integrity, inBundle, link }]) =>
        place !== '' && !link && !inBundle && !integrity?.startsWith('sha512-'),
    );
    expect(loose.map(([place]) => place)).toEqual([]);
  });
});
