// @ts-check
// Checks the C++ sources: formatting by clang-format (`--fix` rewrites), and who may include what.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCommand } from './lib/child.mjs';
import { root } from './lib/paths.mjs';

const nodeHeaders = /^(napi(-inl)?|node(_api|_buffer)?|js_native_api|uv|v8[\w-]*)\.h$/;

/** Vector instructions of the processor: the only headers outside the C++ library that the core may use. */
const processorHeaders = /^(([a-z]*mm|x86)intrin|arm_neon)\.h$/;

/**
 * Why this include is not allowed in this file, null when it is.
 * @param {string} file path from native/src, with forward slashes
 * @param {string} header what stands between the quotes or brackets
 * @param {boolean} isQuoted
 */
export function includeFault(file, header, isQuoted) {
  const [layer = ''] = file.split('/');
  if (layer !== 'addon' && nodeHeaders.test(header)) return 'only native/src/addon may include headers of Node';
  if (layer !== 'core') return null;
  if (isQuoted) {
    const otherLayer = header.includes('/') && !header.startsWith('core/');
    return otherLayer ? 'the core may include only its own headers' : null;
  }
  const isCppLibrary = /^[a-z_]+$/.test(header);
  if (isCppLibrary || processorHeaders.test(header)) return null;
  return 'the core may include only the C++ library, no header of the operating system or of an engine';
}

/**
 * The includes of a file that are not allowed, as `file:line: reason`.
 * @param {string} file path from native/src, with forward slashes
 * @param {string} text
 * @returns {string[]}
 */
export function includeFaults(file, text) {
  return text.split('\n').flatMap((line, index) => {
    const [, mark, header] = /^\s*#\s*include\s*(["<])([^">]+)[">]/.exec(line) ?? [];
    if (!header) return [];
    const fault = includeFault(file, header, mark === '"');
    return fault ? [`native/src/${file}:${index + 1}: ${header}: ${fault}`] : [];
  });
}

/**
 * C++ files below a folder, as paths from it with forward slashes.
 * @param {string} folder
 */
function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(cpp|h)$/.test(path))
    .map((path) => path.replaceAll('\\', '/'));
}

/** @param {boolean} fix */
function checkFormat(fix) {
  const clangFormat = findCommand('clang-format');
  if (!clangFormat) {
    process.stderr.write('lint-native: formatting not checked, because clang-format is not installed\n');
    return !process.env.CI;
  }
  const files = ['native/src', 'native/tests'].flatMap((folder) =>
    sourcesIn(join(root, folder)).map((file) => join(root, folder, file)),
  );
  const mode = fix ? ['-i'] : ['--dry-run', '--Werror'];
  return spawnSync(clangFormat, ['--style=file', ...mode, ...files], { stdio: 'inherit' }).status === 0;
}

function checkIncludes() {
  const folder = join(root, 'native/src');
  const faults = sourcesIn(folder).flatMap((file) => includeFaults(file, readFileSync(join(folder, file), 'utf8')));
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isFormatted = checkFormat(process.argv.includes('--fix'));
  process.exitCode = checkIncludes() && isFormatted ? 0 : 1;
}
