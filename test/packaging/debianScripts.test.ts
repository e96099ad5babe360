import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { root } from './packageApp.js';

/** The scripts that electron-builder puts into a Debian package. */
const templates = join(root, 'node_modules/app-builder-lib/templates/linux');
const alternatives = '/usr/bin/update-alternatives';
let computer = '';

/** Runs one of them on a computer of its own: a folder with the places that it touches. */
function run(template: string, argument: string): void {
  const script = readFileSync(join(templates, template), 'utf8')
    .replaceAll('${executable}', 'limpid')
    .replaceAll('${sanitizedProductName}', 'Limpid')
    .replaceAll(/'\/(opt|usr|etc)\//g, `'${computer}/$1/`)
    .replaceAll('/usr/share/', `${computer}/usr/share/`);
  const path = join(computer, 'script');
  writeFileSync(path, script);
  const env = { PATH: `${join(computer, 'tools')}:/usr/sbin:/usr/bin:/sbin:/bin` };
  execFileSync('bash', ['-e', path, argument], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  rmSync(path);
}

function prepareComputer(): void {
  computer = mkdtempSync(join(tmpdir(), 'limpid-computer-'));
  const places = [
    'opt/Limpid/resources',
    'usr/bin',
    'usr/share/applications',
    'usr/share/mime',
    'etc/alternatives',
    'etc/apparmor.d',
  ];
  for (const place of [...places, 'var/alternatives', 'tools']) mkdirSync(join(computer, place), { recursive: true });
  writeFileSync(join(computer, 'opt/Limpid/limpid'), '');
  writeFileSync(join(computer, 'opt/Limpid/chrome-sandbox'), '');
  writeFileSync(join(computer, 'opt/Limpid/resources/apparmor-profile'), 'profile');
  const tool = (name: string, body: string) =>
    writeFileSync(join(computer, 'tools', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const folders = `--altdir ${computer}/etc/alternatives --admindir ${computer}/var/alternatives --log /dev/null`;
  tool('update-alternatives', `exec ${alternatives} ${folders} "$@"`);
  // A computer with AppArmor, which this one need not have; databases of menus are the system's own business.
  for (const name of ['apparmor_status', 'apparmor_parser', 'update-mime-database', 'update-desktop-database'])
    tool(name, 'exit 0');
}

const listComputer = (): string[] =>
  readdirSync(computer, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^(tools|opt)\b/.test(path))
    .toSorted();

describe.runIf(process.platform === 'linux')('a Debian package', () => {
  afterEach(() => rmSync(computer, { recursive: true, force: true }));

  test('brings the command “limpid” and a profile, and leaves nothing when it is removed', () => {
    prepareComputer();
    const before = listComputer();
    run('after-install.tpl', 'configure');
    expect(readlinkSync(join(computer, 'etc/alternatives/limpid'))).toBe(join(computer, 'opt/Limpid/limpid'));
    expect(listComputer()).toEqual(expect.arrayContaining(['usr/bin/limpid', 'etc/apparmor.d/limpid']));
    run('after-remove.tpl', 'remove');
    expect(listComputer()).toEqual(before);
  });

  test('keeps both over a new version', () => {
    prepareComputer();
    run('after-install.tpl', 'configure');
    const installed = listComputer();
    run('after-remove.tpl', 'upgrade');
    run('after-install.tpl', 'configure');
    expect(listComputer()).toEqual(installed);
  });
});
