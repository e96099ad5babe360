import { parseArgs } from 'node:util';
import { startAiCoustics } from './aiCoustics.js';
import { startAiola } from './aiola.js';
import { startAssemblyAi } from './assemblyai.js';
import { startSoniox } from './soniox.js';
import type { VendorFault } from './standIn.js';

/**
 * Runs the stand-in of one vendor by itself until it is told to end (SIGTERM, SIGINT):
 * `tsx test/vendors/serve.ts ai-coustics|assemblyai|soniox|aiola [--port P] [--key K] [--lifetime SECONDS] [--delay MS]
 * [--fault FAULT] [--base-path PATH] [--ceiling N]`. Prints one line of JSON, `{ url, key }`; `GET /count` there tells
 * `{ mints, requests }`.
 */
const starters = {
  'ai-coustics': startAiCoustics,
  assemblyai: startAssemblyAi,
  soniox: startSoniox,
  aiola: startAiola,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '0' },
    key: { type: 'string' },
    lifetime: { type: 'string' },
    delay: { type: 'string', default: '0' },
    fault: { type: 'string', default: 'none' },
    'base-path': { type: 'string', default: '' },
    ceiling: { type: 'string' },
  },
});

const start = starters[positionals[0] as keyof typeof starters];
if (!start) throw new Error(`Say which vendor: ${Object.keys(starters).join(', ')}.`);
const standIn = await start({
  port: Number(values.port),
  basePath: values['base-path'],
  isRecording: false,
  ...(values.key !== undefined && { key: values.key }),
  ...(values.lifetime !== undefined && { lifetimeSeconds: Number(values.lifetime) }),
  ...(values.ceiling !== undefined && { ceiling: Number(values.ceiling) }),
});
standIn.delayMs = Number(values.delay);
standIn.fault = values.fault as VendorFault;
process.stdout.write(`${JSON.stringify({ url: standIn.url, key: standIn.key })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void standIn.close());
