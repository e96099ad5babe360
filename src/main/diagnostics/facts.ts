import { arch, cpus, release, totalmem, type, version as systemVersion } from 'node:os';
import type { CheckView, SessionHistory } from '../../shared/diagnostics.js';
import type { AppState } from '../../shared/state.js';
import type { LoopNumbers, Native } from '../audio/native.js';
import type { Policy } from '../settings/policy.js';
import type { Settings } from '../settings/settings.js';
import { mapTexts } from '../redact.js';
import { makeScrub, withoutSecrets } from './scrub.js';

/** The computer and the programs, as far as they explain sound. */
export interface SystemFacts {
  system: string;
  release: string;
  build: string;
  processor: string;
  cores: number;
  memoryGb: number;
  node: string;
  electron: string | null;
  chromium: string | null;
  portAudio: string | null;
  compiler: string | null;
}

/** What an administrator fixed, without the values. */
export interface PolicyFacts {
  path: string;
  isInForce: boolean;
  isClosed: boolean;
  activeEnvironmentIsFixed: boolean;
  mayAddEnvironments: boolean;
  environments: { name: string; fixedFields: readonly string[] }[];
  licensedFields: string[];
  fallbackIsFixed: boolean;
  recordingsFolderIsFixed: boolean;
}

/** Everything a report or a bundle is made of. */
export interface SessionFacts {
  writtenAtMs: number;
  state: AppState;
  /** Null: no sound at this moment. */
  numbers: LoopNumbers | null;
  history: SessionHistory;
  /** As they were run last; empty: not in this session. */
  checks: CheckView[];
  system: SystemFacts;
  settings: Settings;
  policy: PolicyFacts;
}

/** The same facts as they may be handed to others. */
export function scrubFacts(facts: SessionFacts): SessionFacts {
  const { state, settings } = facts;
  const environments = [...state.backend.environments.map(({ values }) => values), ...settings.backend.environments];
  const scrub = makeScrub(environments);
  const hideSession = <Choice extends { otel: Settings['licensed']['otel'] }>(choice: Choice): Choice => ({
    ...choice,
    otel: choice.otel && { ...choice.otel, sessionId: choice.otel.sessionId === null ? null : '[hidden]' },
  });
  const open: SessionFacts = {
    ...facts,
    state: {
      ...state,
      licensed: hideSession(state.licensed),
      backend: {
        ...state.backend,
        environments: state.backend.environments.map((view) => ({ ...view, values: withoutSecrets(view.values) })),
      },
    },
    settings: {
      ...settings,
      licensed: hideSession(settings.licensed),
      backend: { ...settings.backend, environments: settings.backend.environments.map(withoutSecrets) },
      // They carry a mark of the settings file's path.
      credentialAccounts: settings.credentialAccounts.map(() => '[hidden]'),
    },
  };
  return mapTexts(open, scrub);
}

export function readSystem(native: Pick<Native, 'about'> | null): SystemFacts {
  const about = native?.about() ?? null;
  const processors = cpus();
  return {
    system: type(),
    release: release(),
    build: systemVersion(),
    processor: `${processors[0]?.model.trim() ?? '?'} (${arch()})`,
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    electron: process.versions['electron'] ?? null,
    chromium: process.versions['chrome'] ?? null,
    portAudio: about?.portAudioVersion ?? null,
    compiler: about?.compiler ?? null,
  };
}

export function readPolicy({ path, values, isClosed }: Policy): PolicyFacts {
  return {
    path,
    isInForce: values !== null,
    isClosed,
    activeEnvironmentIsFixed: (values?.active ?? null) !== null,
    mayAddEnvironments: values?.mayAddEnvironments ?? true,
    environments: (values?.environments ?? []).map(({ values: { name }, fields }) => ({ name, fixedFields: fields })),
    licensedFields: Object.keys(values?.licensed ?? {}),
    fallbackIsFixed: (values?.fallback ?? null) !== null,
    recordingsFolderIsFixed: (values?.recordingsFolder ?? null) !== null,
  };
}
