import type { LimpidError, Notice } from '../../shared/errors.js';
import type { EngineId } from '../../shared/state.js';
import type { EngineChoice } from './native.js';

/** What the loop shall run for a wish. */
export interface SuppliedEngine {
  choice: EngineChoice;
  /** Why this is not the wished engine yet; null when it is. */
  obstacle: Notice | null;
}

/** Where the loop's engines come from: the licensed one may have to wait for its library, its model or a token. */
export interface EngineSupply {
  /** What is wished, and whether sound is on. What that needs is made ready in the background; what it does not need is freed. */
  follow(target: { wished: EngineId; isSounding: boolean }): void;
  /** Resolves when the wished engine is ready, or will not be soon. */
  ready(): Promise<void>;
  /** The same object until another one is better. */
  choose(engine: EngineId): SuppliedEngine;
  /** The loop could not make the engine that was supplied. Returns whether another one is supplied now. */
  failed(error: LimpidError): boolean;
  /** What the engine's vendor said of the last block (AicErrorCode); call it as often as you like. */
  answered(vendorCode: number): void;
  /** Calls `listener` whenever `choose` may answer anew. */
  onChange(listener: () => void): () => void;
}

/** The engines that are compiled in: always there. The licensed one is replaced by the unchanged voice. */
export function embeddedEngines(): EngineSupply {
  const supplied = new Map<EngineId, SuppliedEngine>([
    ['gtcrn', { choice: { engine: 'gtcrn' }, obstacle: null }],
    ['bypass', { choice: { engine: 'bypass' }, obstacle: null }],
    ['aic', { choice: { engine: 'bypass' }, obstacle: { code: 'aic.closed', params: {} } }],
  ]);
  return {
    follow: () => undefined,
    ready: async () => undefined,
    choose: (engine) => supplied.get(engine)!,
    failed: () => false,
    answered: () => undefined,
    onChange: () => () => undefined,
  };
}
