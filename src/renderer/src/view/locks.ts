import { describe } from '../../../shared/messages/index.js';
import type { FileOptions } from '../../../shared/files.js';
import type { Preferences } from '../../../shared/preferences.js';
import type { AppState, LicensedChoice } from '../../../shared/state.js';
import { text } from './text.js';

/** What an administrator may fix besides the backend: preferences by their names, and the rest of what is kept. */
export type LockName =
  | keyof Preferences
  | 'engine'
  | 'level'
  | 'input'
  | 'output'
  | 'monitor'
  | 'recordingsFolder'
  | 'fallback'
  | `files.${keyof FileOptions}`
  | `licensed.${keyof LicensedChoice}`;

/** Why a setting cannot be changed, in a sentence; null: it can. */
export function lockWordsOf({ policy }: Pick<AppState, 'policy'>, name: LockName): string | null {
  if (!policy.locked.includes(name)) return null;
  return policy.lockReason ? describe(policy.lockReason).message : text('window.locked.policy');
}
