import {
  connectionStepIds,
  signInSettings,
  type BackendView,
  type ConnectionStep,
  type EnvironmentView,
} from '../../../shared/backend.js';
import { describe, type Message } from '../../../shared/messages/index.js';
import { formatMs } from './format.js';
import { hint, text, type TextCode } from './text.js';

const said = (code: TextCode): Message => ({ message: text(code), hint: hint(code) });

/** What is wrong with policy file or keychain. */
export function backendNotices({ keychain, problem }: BackendView): Message[] {
  const notices: Message[] = [];
  if (problem) notices.push(describe(problem));
  if (keychain.state === 'unavailable' && keychain.notice) notices.push(describe(keychain.notice));
  if (keychain.state === 'waiting') {
    const waiting = keychain.notice ? describe(keychain.notice) : said('window.keychain.waiting');
    notices.push(waiting);
  }
  return notices;
}

export interface CredentialStatus extends Message {
  tone: 'on' | 'off' | 'warning';
  /** Whether one can be typed here. */
  isTaken: boolean;
  canForget: boolean;
}

/** Whether a credential is there, and where; never the credential. */
export function credentialStatus({ credential }: Pick<EnvironmentView, 'credential'>): CredentialStatus {
  return {
    ...said(`window.credential.${credential}`),
    tone: credential === 'lost' ? 'warning' : credential === 'none' ? 'off' : 'on',
    isTaken: credential !== 'variable',
    canForget: credential === 'saved' || credential === 'memory' || credential === 'lost',
  };
}

/** The setting that a field of the form belongs to, for the administrator's locks. */
export function isFieldLocked({ lockedFields, isLocked }: EnvironmentView, field: string): boolean {
  if (field === 'name') return isLocked;
  const owner = ownerOf(field);
  return lockedFields.some((each) => each === owner);
}

/** Who fixed it, in a few words to stand beside each fixed field; the whole reason stands once, above all of them. */
export const lockWords = ({ lockReason }: BackendView): string =>
  text(lockReason?.code === 'backend.from-variables' ? 'window.locked.variables' : 'window.locked.policy');

/** Who fixed the environments and why; null where nobody did. */
export function lockNotice({ lockReason }: BackendView): Message | null {
  if (!lockReason) return null;
  const code = lockReason.code === 'policy.locked' ? 'policy.locked-environments' : lockReason.code;
  return describe({ ...lockReason, code });
}

function ownerOf(field: string): string {
  if (field === 'token' || field === 'expiresAt' || field === 'expiresIn') return 'reply';
  if (field in signInSettings.shape) return 'signIn';
  if (field === 'timeout') return 'timeoutMs';
  return field.split('.')[0] ?? field;
}

export type StepResult = ConnectionStep['result'] | 'running' | 'waiting';

export interface StepRow extends Message {
  id: ConnectionStep['id'];
  name: string;
  result: StepResult;
  word: string;
  /** Empty when it was not measured. */
  took: string;
}

/** The steps of a connection test in their order; the first without an answer is the one under way. */
export function stepRows(steps: ConnectionStep[], isRunning: boolean): StepRow[] {
  const underWay = connectionStepIds.find((id) => !steps.some((step) => step.id === id));
  return connectionStepIds.flatMap((id): StepRow[] => {
    const step = steps.find((each) => each.id === id);
    const tookMs = step?.tookMs ?? null;
    if (!step && !isRunning) return [];
    const result = step?.result ?? (id === underWay ? 'running' : 'waiting');
    const words = step ? describe(step.notice) : { message: '', hint: '' };
    const needsHint = result === 'failed' || result === 'warning';
    return [
      {
        id,
        name: text(`window.step.${id}`),
        result,
        word: text(`window.result.${result}`),
        message: words.message,
        hint: needsHint ? words.hint : '',
        took: tookMs === null ? '' : text('window.test.took', { value: formatMs(tookMs) }),
      },
    ];
  });
}

/** The outcome in one sentence, for a screen reader and for a glance. Empty before the first test. */
export function testSummary(steps: ConnectionStep[], isRunning: boolean): string {
  if (isRunning) return text('window.test.busy');
  const failed = steps.find(({ result }) => result === 'failed');
  if (failed) return text('window.test.failed', { step: text(`window.step.${failed.id}`) });
  const warning = steps.find(({ result }) => result === 'warning');
  if (warning) return text('window.test.warning', { step: text(`window.step.${warning.id}`) });
  return steps.length > 0 ? text('window.test.ok') : '';
}
