import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { LimpidError } from '../../shared/errors.js';
import { writeWhole } from '../writeWhole.js';
import { linkUrl, type Panel } from './panel.js';
import { newLinkPath, panelOrigin } from './panelHttp.js';

const answerMs = 3000;
const panelFile = z.object({ pid: z.number().int().positive(), port: z.number().int(), adminSecret: z.string() });
type WrittenPanel = z.infer<typeof panelFile>;
const newLink = z.object({ link: z.string() });

/** The file through which a panel is found: one panel for one settings file, beside it. */
export const panelFilePath = (settingsPath: string): string => `${settingsPath}.panel`;

/** Lets this user, and nobody else, find the running panel: the file can be read by its owner only. */
export async function writePanelFile(path: string, { port, adminSecret }: Panel): Promise<void> {
  await writePrivateFile(path, JSON.stringify({ pid: process.pid, port, adminSecret }));
}

/** Writes a file that only its owner can read, whole or not at all. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeWhole(path, text, 0o600);
}

/** Removes the file unless another panel has written its own since. */
export async function removePanelFile(path: string): Promise<void> {
  const written = await readPanelFile(path);
  if (written?.pid === process.pid) await rm(path, { force: true });
}

/** The port of the panel that runs for these settings and answers, or null. */
export async function findRunningPanel(path: string): Promise<number | null> {
  const written = await readPanelFile(path);
  const answer = written && (await askPanel(written, 'GET').catch(() => null));
  return written && answer?.ok ? written.port : null;
}

/** Asks the running panel for another link. Fails with `panel.not-running`. */
export async function requestNewLink(path: string): Promise<string> {
  const written = await readPanelFile(path);
  if (!written) throw new LimpidError('panel.not-running');
  try {
    const answer = await askPanel(written, 'POST');
    return linkUrl(written.port, newLink.parse(await answer.json()).link);
  } catch (cause) {
    throw new LimpidError('panel.not-running', {}, { cause });
  }
}

/** Rejects when the process is gone: its port may be another program's by now. */
async function askPanel({ pid, port, adminSecret }: WrittenPanel, method: 'GET' | 'POST'): Promise<Response> {
  process.kill(pid, 0);
  return fetch(panelOrigin(port) + newLinkPath, {
    method,
    headers: { authorization: `Bearer ${adminSecret}` },
    redirect: 'error',
    signal: AbortSignal.timeout(answerMs),
  });
}

async function readPanelFile(path: string): Promise<WrittenPanel | null> {
  try {
    return panelFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}
