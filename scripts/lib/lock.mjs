// @ts-check
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { modifiedMs } from './freshness.mjs';
import { stateFolder } from './paths.mjs';

const POLL_MS = 200;

/** A lock that names nobody for this long was left by a process that died while writing it. */
const NAMELESS_MS = 5_000;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * The process that holds the lock file: 0 while it is just being written or already gone.
 * @param {string} path
 */
function readHolder(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || 0;
  } catch {
    return 0;
  }
}

/**
 * @param {string} path
 * @param {number} holder
 */
function isAbandoned(path, holder) {
  if (holder > 0) return !isAlive(holder);
  const createdMs = modifiedMs(path);
  return createdMs !== null && Date.now() - createdMs > NAMELESS_MS;
}

/** @param {string} path */
function tryCreate(path) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes away the lock of a process that died. Two may try at once: what was moved aside is put back when it turns out
 * to be somebody's new lock.
 * @param {string} path
 * @param {number} deadHolder
 */
function removeStale(path, deadHolder) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readHolder(aside) !== deadHolder) linkSync(aside, path);
  } catch {
    // Another process was first; the next attempt to create the lock tells.
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Runs `work` while no other process on this machine runs work under the same lock name; waits for its turn. A lock
 * left by a process that died is taken over.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {{ folder?: string, onWait?: (holder: number) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(name, work, { folder = stateFolder, onWait = () => {} } = {}) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.lock`);
  let toldHolder = 0;
  while (!tryCreate(path)) {
    const holder = readHolder(path);
    if (isAbandoned(path, holder)) {
      removeStale(path, holder);
      continue;
    }
    if (holder > 0 && holder !== toldHolder) onWait(holder);
    toldHolder = holder || toldHolder;
    await wait(POLL_MS);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}
