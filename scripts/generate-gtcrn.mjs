// Turns the GTCRN network (WebAssembly, from its npm package) into C: native/generated/gtcrn.{c,h}.
// Runs in under a second and writes only what changed, so that nothing is recompiled without need.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** gtcrn.wasm of @sapphi-red/web-noise-suppressor 0.4.1. Another file is another engine: measure its delay and memory anew. */
const WASM_SHA256 = '01a5286ddaa1ce6d0dd5510bd9241f3bf0cc727a05d5767ae6881d85d9983719';

const root = fileURLToPath(new URL('..', import.meta.url));
const wasmPath = join(root, 'node_modules/@sapphi-red/web-noise-suppressor/dist/gtcrn.wasm');
const wasm2cPath = join(root, 'node_modules/wabt/bin/wasm2c');
const outputFolder = join(root, 'native/generated');

function fail(message) {
  process.stderr.write(`generate-gtcrn: ${message}\n`);
  process.exit(1);
}

for (const path of [wasmPath, wasm2cPath]) {
  if (!existsSync(path)) fail(`${path} is missing; run npm ci first.`);
}

const sha256 = createHash('sha256').update(readFileSync(wasmPath)).digest('hex');
if (sha256 !== WASM_SHA256) fail(`${wasmPath} has SHA-256 ${sha256}, expected ${WASM_SHA256}; it is not compiled in.`);

/**
 * wasm2c forces reads whose value is not used, so that they can still trap. Here a read out of bounds ends the process
 * by intent, so there is nothing to keep, and without these barriers a block takes a tenth less time.
 * @param {string} text
 */
function withoutForcedReads(text) {
  const freed = text.replaceAll(/^(#define (?:SIMD_)?FORCE_READ(?:_INT|_FLOAT)?\(var\)).*$/gm, '$1');
  if (freed.includes('__asm__')) fail('the C that wasm2c wrote has another form than expected.');
  return freed;
}

const temporaryFolder = mkdtempSync(join(tmpdir(), 'limpid-gtcrn-'));
try {
  // The working folder keeps absolute and drive-letter paths out of wasm2c, which is itself compiled to WebAssembly.
  writeFileSync(join(temporaryFolder, 'gtcrn.wasm'), readFileSync(wasmPath));
  execFileSync(process.execPath, [wasm2cPath, 'gtcrn.wasm', '-n', 'gtcrn', '-o', 'gtcrn.c'], {
    cwd: temporaryFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  mkdirSync(outputFolder, { recursive: true });
  for (const name of ['gtcrn.c', 'gtcrn.h']) {
    const text = withoutForcedReads(readFileSync(join(temporaryFolder, name), 'utf8'));
    const target = join(outputFolder, name);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    writeFileSync(target, text);
  }
} finally {
  rmSync(temporaryFolder, { recursive: true, force: true });
}
