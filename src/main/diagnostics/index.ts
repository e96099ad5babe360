import {
  addonCheck,
  devicesCheck,
  microphonePermissionCheck,
  portAudioCheck,
  realTimeCheck,
  soundServerCheck,
  virtualMicrophoneCheck,
} from './audio.js';
import type { Check } from './check.js';
import { displayCheck, electronCheck } from './desktop.js';
import { keychainCheck } from './keychain.js';
import { backendCheck, libaicCheck, modelCheck } from './licensed.js';

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
  backendCheck,
  libaicCheck,
  modelCheck,
  electronCheck,
  displayCheck,
];
