import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const alternatives = '/usr/bin/update-alternatives';
const places = [
  'opt/Limpid/resources',
  'usr/bin',
  'usr/share/applications',
  'usr/share/mime',
  'etc/alternatives',
  'etc/apparmor.d',
  'var/alternatives',
  'tools',
];

/** A computer of its own for the scripts of a Debian package: a folder with the places that they touch. */
export class DebianComputer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'limpid-computer-'));

  constructor() {
    for (const place of places) mkdirSync(join(this.#folder, place), { recursive: true });
    writeFileSync(join(this.#folder, 'opt/Limpid/limpid'), '');
    writeFileSync(join(this.#folder, 'opt/Limpid/chrome-sandbox'), '');
    writeFileSync(join(this.#folder, 'opt/Limpid/resources/apparmor-profile'), 'profile');
    const tool = (name: string, body: string) =>
      writeFileSync(join(this.#folder, 'tools', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    const folders = `--altdir ${this.#folder}/etc/alternatives --admindir ${this.#folder}/var/alternatives --log /dev/null`;
    tool('update-alternatives', `exec ${alternatives} ${folders} "$@"`);
    // A computer with AppArmor, which this one need not have; databases of menus are the system's own business.
    for (const name of ['apparmor_status', 'apparmor_parser', 'update-mime-database', 'update-desktop-database'])
      tool(name, 'exit 0');
  }

  /** Runs a script that was written for the root of a computer. */
  run(script: string, argument: string): void {
    const moved = script
      .replaceAll(/'\/(opt|usr|etc)\//g, `'${this.#folder}/$1/`)
      .replaceAll('/usr/share/', `${this.#folder}/usr/share/`);
    const path = join(this.#folder, 'script');
    writeFileSync(path, moved);
    const env = { PATH: `${join(this.#folder, 'tools')}:/usr/sbin:/usr/bin:/sbin:/bin` };
    execFileSync('bash', ['-e', path, argument], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    rmSync(path);
  }

  /** Where a link leads, as a path from the root of that computer. */
  follow(link: string): string {
    return readlinkSync(join(this.#folder, link)).slice(this.#folder.length);
  }

  /** All files and folders besides the program. */
  list(): string[] {
    return readdirSync(this.#folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => !/^(tools|opt)\b/.test(path))
      .toSorted();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
