import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from './archive.js';
import { root } from './packageApp.js';

/** Matches this text and nothing else. */
const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
const pathsHere = [root, `${homedir()}/`, '/home/runner/', '/Users/runner/'];

const patterns: [what: string, pattern: RegExp][] = [
  ['private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s)*[A-Za-z0-9+/]{40}/],
  ['JWT', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ['client key', /\blk_[\w-]{20,}/],
  ['token', /\b(gh[pousr]_\w{30,}|github_pat_\w{30,}|npm_\w{30,}|AKIA[A-Z0-9]{16}|xox[abp]-[\w-]{20,})\b/],
  ['path of this computer', new RegExp(pathsHere.map(literally).join('|'))],
  ['source map', /"sourcesContent"|sourceMappingURL=data:/],
];
const secretNames = /(^|\/)(\.env(\..*)?|\.npmrc|[^/]*\.(pem|key|p12|pfx|map))$/;

/** What in a file must not leave this computer: secrets, where it was built, and its sources. */
export function findSecrets(path: string, bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  return [
    ...(secretNames.test(path) ? [`${path}: by its name`] : []),
    ...patterns.flatMap(([what, pattern]) => {
      const [match] = pattern.exec(text) ?? [];
      return match ? [`${path}: ${what}: ${match.slice(0, 60)}`] : [];
    }),
  ];
}

/** Looks through all files of a package, and through those of its archive. */
export function searchPackage(folder: string): { files: number; found: string[] } {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const archivePath = paths.find((path) => path.endsWith('app.asar')) ?? '';
  const archive = openArchive(join(folder, archivePath));
  const beside = paths.filter((path) => !path.startsWith(archivePath) && statSync(join(folder, path)).isFile());
  const found = [
    ...archive.files.flatMap((path) => findSecrets(`app.asar/${path}`, archive.read(path))),
    ...beside.flatMap((path) => findSecrets(path, readFileSync(join(folder, path)))),
  ];
  return { files: archive.files.length + beside.length, found };
}
