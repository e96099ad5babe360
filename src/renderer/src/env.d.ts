import type { LimpidBridge } from '../../shared/contract.js';

declare global {
  interface Window {
    /** Set by the preload script or the panel's client before this page's own script runs. */
    readonly limpid?: LimpidBridge;
  }
}
