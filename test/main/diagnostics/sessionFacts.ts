import type { SessionFacts } from '../../../src/main/diagnostics/facts.js';
import { readSystem } from '../../../src/main/diagnostics/facts.js';
import { SessionLog } from '../../../src/main/diagnostics/sessionLog.js';
import { openSettings } from '../../../src/main/settings/settings.js';
import type { CheckView } from '../../../src/shared/diagnostics.js';
import { aDevice, idleState } from '../../fakes/appState.js';
import { idleNumbers } from '../../fakes/loop.js';

export const startedAtMs = Date.UTC(2026, 10, 21, 15, 4, 5);

const desk = aDevice({ id: 'pulse:desk', name: 'Desk <USB> & "more"', inputs: 1 });
const phones = aDevice({ id: 'pulse:phones', name: 'Phones', outputs: 2, kind: 'built-in' });

/** Two minutes of sound and a minute without. */
export function history() {
  let nowMs = startedAtMs;
  const log = new SessionLog(() => nowMs);
  const numbers = { ...idleNumbers, inputRmsDb: -24, outputRmsDb: -31, noiseReductionDb: 14, underruns: 2 };
  for (let second = 0; second < 180; second += 1) {
    nowMs += 1000;
    log.sample(second < 120 ? numbers : null);
  }
  log.note({ code: 'device.lost', params: { name: desk.name } });
  return log.history;
}

export const checkViews: CheckView[] = [
  {
    id: 'addon',
    required: true,
    result: 'ok',
    notice: { code: 'check.addon', params: { engines: 'gtcrn', compiler: 'gcc' } },
  },
  { id: 'devices', required: true, result: 'failed', notice: { code: 'check.devices-no-input', params: {} } },
  { id: 'libaic', required: false, result: 'failed', notice: { code: 'check.libaic-not-installed', params: {} } },
];

/** A session with something in each of its parts. */
export async function sessionFacts(): Promise<SessionFacts> {
  const { values } = await openSettings('/nonexistent/settings.json');
  return {
    writtenAtMs: startedAtMs + 180_000,
    state: {
      ...idleState,
      input: { chosen: desk.id, chosenName: desk.name, present: true, devices: [desk] },
      output: { chosen: phones.id, chosenName: phones.name, present: false, devices: [phones] },
      problem: { code: 'device.lost', params: { name: desk.name } },
      selfTest: {
        running: null,
        last: {
          heard: 27,
          played: 30,
          roundTripMs: 41.26,
          jitterMs: 1,
          gaps: 1,
          gapSeconds: 0.2,
          signalDb: -33,
          noiseDb: null,
          verdict: { code: 'selfTest.gaps', params: { count: 1, seconds: 0.2 } },
          passed: false,
          inputName: desk.name,
          outputName: phones.name,
        },
      },
      token: {
        ...idleState.token,
        history: [{ atMs: startedAtMs, notice: { code: 'token.applied', params: {} } }],
      },
    },
    numbers: idleNumbers,
    history: history(),
    checks: checkViews,
    system: readSystem(null),
    settings: values,
    errorLogs: [],
    policy: {
      path: '/etc/limpid/policy.json',
      isInForce: false,
      isClosed: false,
      activeEnvironmentIsFixed: false,
      mayAddEnvironments: true,
      environments: [],
      licensedFields: [],
      fallbackIsFixed: false,
      recordingsFolderIsFixed: false,
      settingsFields: [],
      ignoresVariables: false,
    },
  };
}
