import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualSoundCard } from '../../../src/main/demo/virtualSoundCard.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-path-'));
  vi.stubEnv('PATH', folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const install = (program: string, script: string) => writeFile(join(folder, program), script, { mode: 0o755 });
const refusal = expect.objectContaining({ code: 'demo.no-sound-server' });

/** Elsewhere there is no private sound server, whatever programs are installed. */
const isElsewhere = process.platform !== 'linux';

test('says so when the programs of the sound server are missing', async () => {
  await expect(VirtualSoundCard.start()).rejects.toEqual(refusal);
});

test.skipIf(isElsewhere).each([
  ['ends at once', '#!/bin/sh\nexit 1\n'],
  ['cannot be started', '#!/no/such/interpreter\n'],
])('says so when the sound server %s', async (_how, server) => {
  await install('pulseaudio', server);
  for (const program of ['pactl', 'parec', 'pacat']) await install(program, '#!/bin/sh\nexit 1\n');
  await expect(VirtualSoundCard.start()).rejects.toEqual(refusal);
});

test.skipIf(isElsewhere).each([
  ['ends before it has recorded', '#!/bin/sh\nexit 1\n'],
  ['cannot be started', '#!/no/such/interpreter\n'],
])('does not wait for a recorder that %s', async (_how, recorder) => {
  await install('pulseaudio', '#!/bin/sh\nread line\n');
  for (const program of ['pactl', 'pacat']) await install(program, '#!/bin/sh\nexit 0\n');
  await install('parec', recorder);
  const card = await VirtualSoundCard.start();
  try {
    await expect(card.record().started).rejects.toEqual(refusal);
  } finally {
    await card.stop();
  }
});
