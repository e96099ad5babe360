import { existsSync } from 'node:fs';
import { LimpidError } from '../../shared/errors.js';
import type { Check } from './check.js';

/** The token backend. Fetching tokens is not part of this version, so there is nothing to reach. */
export const backendCheck: Check = {
  id: 'backend',
  required: false,
  async run() {
    throw new LimpidError('check.backend-not-configured');
  },
};

/** The licensed engine's library, named by AIC_LIB_PATH. This version finds it but does not use it. */
export const libaicCheck: Check = {
  id: 'libaic',
  required: false,
  async run() {
    const path = process.env['AIC_LIB_PATH'];
    if (!path) throw new LimpidError('check.libaic-not-installed');
    throw new LimpidError(existsSync(path) ? 'check.libaic-unused' : 'check.libaic-not-found', { path });
  },
};

/** The licensed engine's model, named by LIMPID_AIC_MODEL. */
export const modelCheck: Check = {
  id: 'model',
  required: false,
  async run() {
    const path = process.env['LIMPID_AIC_MODEL'];
    if (!path) throw new LimpidError('check.model-not-installed');
    throw new LimpidError(existsSync(path) ? 'check.model-unused' : 'check.model-not-found', { path });
  },
};
