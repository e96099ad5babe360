import { afterEach, expect, test } from 'vitest';
import { describeLoop } from '../../../src/main/audio/liveStatus.js';
import type { LoopNumbers } from '../../../src/main/audio/native.js';
import { setLanguage } from '../../../src/shared/language.js';
import { describe } from '../../../src/shared/messages/index.js';
import { idleNumbers } from '../../fakes/loop.js';

afterEach(() => setLanguage('en'));

const failed = { state: 'running', engineStatus: 'failed', heardEngine: 'bypass' } as const;

test.each<[Partial<LoopNumbers>, string]>([
  [{ state: 'stalled' }, 'Der Ton steht: das Gerät liefert nichts mehr.'],
  [{ state: 'restarting' }, 'Der Ton wird neu gestartet: das Gerät liefert nichts mehr.'],
  [failed, 'unbekannt'],
  [{ ...failed, engineReason: 'trap' }, 'ausgefallen ist (sie ist abgestürzt)'],
  [{ ...failed, engineReason: 'bad-output' }, 'ausgefallen ist (sie hat unbrauchbaren Ton geliefert)'],
  [{ state: 'running', heardEngine: 'gtcrn' }, 'Verbessert Mikrofon mit der eingebauten Engine;'],
  [failed, 'weil die eingebaute Engine ausgefallen ist'],
  [{ ...failed, engineReason: 'ONNX says no' }, 'ONNX says no'],
])('%j is told in German, but for what the core itself says', (part, words) => {
  setLanguage('de');
  const names = { input: 'Mikrofon', output: 'Kopfhörer', wished: 'gtcrn' } as const;
  expect(describe(describeLoop({ ...idleNumbers, ...part }, names, false)).message).toContain(words);
});
