// @ts-check
// SIMDe, headers alone, for Windows: no package of that system has them. Debian's file is the same that Linux builds with.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './child.mjs';
import { stateFolder } from './paths.mjs';

const address = 'https://deb.debian.org/debian/pool/main/s/simde/libsimde-dev_0.7.4~rc2-2_all.deb';
const sha256 = '471b66fdc79e0a479c4d11dc85c2b6313df1704b737ea2f7266753335c5d062b';
const answerMs = 60_000;

const folder = join(stateFolder, 'simde-0.7.4-rc2');
const includeFolder = join(folder, 'usr/include');

/** Only headers: a link elsewhere in the package would need rights that few have on Windows. */
const unpack = `import sys, tarfile
with tarfile.open(sys.argv[1], 'r:xz') as archive:
    headers = [each for each in archive if each.isfile() and each.name.startswith('./usr/include/simde/')]
    archive.extractall(sys.argv[2], headers)`;

/**
 * A file inside a Debian package, which is an `ar` archive.
 * @param {Buffer} archive
 * @param {string} wanted
 * @returns {Buffer}
 */
export function readMember(archive, wanted) {
  if (archive.toString('latin1', 0, 8) !== '!<arch>\n') throw new Error('this is no Debian package');
  for (let offset = 8; offset + 60 <= archive.length;) {
    const name = archive.toString('latin1', offset, offset + 16).replace(/\/? *$/, '');
    const bytes = Number(archive.toString('latin1', offset + 48, offset + 58));
    if (!Number.isSafeInteger(bytes)) break;
    const begin = offset + 60;
    if (name === wanted) return archive.subarray(begin, begin + bytes);
    offset = begin + bytes + (bytes % 2);
  }
  throw new Error(`there is no ${wanted} in the package`);
}

/** @param {string} platform as `process.platform` */
export const isSimdeThere = (platform, environment = process.env, fetched = includeFolder) =>
  platform !== 'win32' || Boolean(environment.SIMDE_INCLUDE_DIR) || existsSync(fetched);

/**
 * What the build has to know to find the headers that `fetchSimde` brought.
 * @returns {Record<string, string>}
 */
export const simdeEnvironment = (environment = process.env) =>
  !environment.SIMDE_INCLUDE_DIR && existsSync(includeFolder) ? { SIMDE_INCLUDE_DIR: includeFolder } : {};

/** Downloads the headers, checks them, and unpacks them by Python, which node-gyp needs anyway. */
export async function fetchSimde() {
  const response = await fetch(address, { signal: AbortSignal.timeout(answerMs) });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  const archive = Buffer.from(await response.arrayBuffer());
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== sha256) throw new Error(`${address} has the SHA-256 ${found} instead of ${sha256}`);
  const half = `${folder}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  const packed = join(half, 'data.tar.xz');
  writeFileSync(packed, readMember(archive, 'data.tar.xz'));
  await runLogged('simde', [process.platform === 'win32' ? 'python' : 'python3', '-c', unpack, packed, half]);
  rmSync(packed);
  renameSync(half, folder);
}
