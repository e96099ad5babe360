import type { AppState } from '../../shared/state.js';
import type { Licensing } from '../auth/licensing.js';
import {
  addonCheck,
  devicesCheck,
  grantedCheck,
  microphonePermissionCheck,
  portAudioCheck,
  realTimeCheck,
  soundServerCheck,
  virtualMicrophoneCheck,
} from './audio.js';
import type { Check } from './check.js';
import { displayCheck, electronCheck } from './desktop.js';
import { keychainCheck, ownKeychainCheck } from './keychain.js';
import { backendCheck, libaicCheck, licensedChecks, modelCheck } from './licensed.js';
import { filePolicyCheck, policyCheck } from './policy.js';

/** All checks of `limpid doctor`, in the order in which one failure may explain the next. */
export const checks: readonly Check[] = [
  addonCheck,
  portAudioCheck,
  soundServerCheck,
  devicesCheck,
  microphonePermissionCheck,
  virtualMicrophoneCheck,
  realTimeCheck,
  keychainCheck,
  filePolicyCheck,
  backendCheck,
  libaicCheck,
  modelCheck,
  electronCheck,
  displayCheck,
];

/** What the app already has: the checks use it rather than open a second one beside it. */
export interface AppSurroundings {
  licensing: Licensing;
  microphonePermission(): AppState['microphonePermission'];
  isLicensedChosen(): boolean;
}

/** The same checks inside the running app. None of them opens a stream, or touches what the live voice uses. */
export function appChecks({ licensing, microphonePermission, isLicensedChosen }: AppSurroundings): readonly Check[] {
  const [backend, libaic, model] = licensedChecks((work) => work(licensing), isLicensedChosen);
  const own = [
    grantedCheck(microphonePermission),
    ownKeychainCheck(() => licensing.probeKeychain()),
    policyCheck(() => licensing.policy),
    backend,
    libaic,
    model,
  ];
  return checks.map((check) => own.find(({ id }) => id === check.id) ?? check);
}
