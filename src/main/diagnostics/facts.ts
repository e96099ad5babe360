import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { arch, cpus, release, totalmem, type, version as systemVersion } from 'node:os';
import type { SignInView } from '../../shared/backend.js';
import type { CheckView, SessionHistory } from '../../shared/diagnostics.js';
import { z } from 'zod';
import { appState, type AppState } from '../../shared/state.js';
import type { LoopNumbers, Native } from '../audio/native.js';
import type { Policy } from '../settings/policy.js';
import type { Settings } from '../settings/settings.js';
import { makeScrub, mapTexts, originOf, withoutSecrets, type IsOurs } from '../redact.js';

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
  settingsFields: string[];
  ignoresVariables: boolean;
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
  /** The ends of the logs of errors that nobody foresaw, as far as there are any. */
  errorLogs: { name: 'errors.log' | 'errors.log.1'; text: string }[];
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
        environments: state.backend.environments.map((view) => ({
          ...view,
          values: withoutSecrets(view.values),
          signedInAs: view.signedInAs === null ? null : '[user]',
        })),
        signIn: state.backend.signIn && hideCode(state.backend.signIn),
      },
    },
    settings: {
      ...settings,
      licensed: hideSession(settings.licensed),
      backend: { ...settings.backend, environments: settings.backend.environments.map(withoutSecrets) },
      // They carry a mark of the settings file's path.
      credentialAccounts: settings.credentialAccounts.map(() => '[hidden]'),
      credentialPlaces: settings.credentialPlaces.map(() => '[hidden]'),
    },
  };
  return mapTexts(open, scrub, oursIn(facts));
}

/** Whoever has the code could sign in in this person's place. */
const hideCode = (view: SignInView): SignInView => ({
  ...view,
  userCode: view.userCode === null ? null : '[hidden]',
  verificationUrl: view.verificationUrl && originOf(view.verificationUrl),
});

/** What a user or a header that happens to be called the same must not spoil: ids of checks, fields of a policy, and every enumeration. */
function oursIn({ checks }: SessionFacts): IsOurs {
  const ids = new Set(['default', 'virtual', ...checks.map(({ id }) => id)]);
  return (field, text) => {
    if (['fixedFields', 'licensedFields', 'settingsFields'].includes(field)) return true;
    if (field === 'name') return text === 'errors.log' || text === 'errors.log.1';
    if (field === 'id' || field === 'chosen') return ids.has(text);
    return enumerations.get(field)?.has(text) ?? false;
  };
}

/** By the name of their field. */
const enumerations = new Map<string, Set<string>>();
collectEnumerations(appState, '');

function collectEnumerations(schema: unknown, field: string): void {
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) {
    const values = schema instanceof z.ZodEnum ? schema.options : [...schema.values];
    enumerations.set(field, new Set([...(enumerations.get(field) ?? []), ...values.map(String)]));
  } else if (schema instanceof z.ZodObject) {
    for (const [name, part] of Object.entries(schema.shape)) collectEnumerations(part, name);
  } else if (schema instanceof z.ZodArray) collectEnumerations(schema.element, field);
  else if (schema instanceof z.ZodRecord) collectEnumerations(schema.valueType, field);
  else if (schema instanceof z.ZodUnion) for (const part of schema.options) collectEnumerations(part, field);
  else if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    collectEnumerations(schema.unwrap(), field);
}

const tailBytes = 64 * 1024;

/** The end of each log that there is, from the beginning of a line. `path`: of the newer one. */
export function readErrorLogs(path: string): SessionFacts['errorLogs'] {
  return (['errors.log', 'errors.log.1'] as const).flatMap((name) => {
    const text = readTail(name === 'errors.log' ? path : `${path}.1`);
    return text === '' ? [] : [{ name, text }];
  });
}

function readTail(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const tail = Buffer.alloc(Math.min(size, tailBytes));
      const length = readSync(file, tail, 0, tail.length, size - tail.length);
      const text = tail.toString('utf8', 0, length);
      return size > tailBytes ? text.slice(text.indexOf('\n') + 1) : text;
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
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

export function readPolicy({ path, values, isClosed, ignoresVariables }: Policy): PolicyFacts {
  const { licensed, fallback, recordingsFolder, ...others } = values?.settings ?? {};
  return {
    path,
    isInForce: values !== null,
    isClosed,
    activeEnvironmentIsFixed: (values?.active ?? null) !== null,
    mayAddEnvironments: values?.mayAddEnvironments ?? true,
    environments: (values?.environments ?? []).map(({ values: { name }, fields }) => ({ name, fixedFields: fields })),
    licensedFields: Object.keys(licensed ?? {}),
    fallbackIsFixed: fallback !== undefined,
    recordingsFolderIsFixed: recordingsFolder !== undefined,
    settingsFields: Object.keys(others),
    ignoresVariables,
  };
}
