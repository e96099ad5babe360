import type { DeviceCatalog } from '../../src/main/audio/devices.js';
import type { LiveWishes } from '../../src/main/audio/livePlan.js';
import type { PulseNode } from '../../src/main/audio/pactl.js';
import type { Device } from '../../src/shared/state.js';

export function aNode(facts: Partial<PulseNode> & { name: string }): PulseNode {
  return {
    description: facts.name,
    channels: 2,
    rate: 48_000,
    isMonitor: false,
    activePort: '',
    activePortType: '',
    properties: {},
    ...facts,
  };
}

/** The embedded engine between the system's microphone and this output. */
export function wishesFor({ id, name }: Device): LiveWishes {
  return {
    engine: 'gtcrn',
    level: 1,
    bypass: false,
    input: { id: 'default', name: 'default' },
    output: { id, name },
    periodFrames: 256,
    confirmedSpeakers: [],
  };
}

/** A list that changes when a test says so. */
export class FakeCatalog implements DeviceCatalog {
  hasSoundServer = true;
  readonly reopened: boolean[] = [];
  refusal: Error | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(public devices: Device[]) {}

  refresh({ reopen = false }: { reopen?: boolean } = {}): Promise<Device[]> {
    this.reopened.push(reopen);
    if (this.refusal) return Promise.reject(this.refusal);
    return Promise.resolve(this.devices);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#listeners.clear();
  }

  /** Plugs in and out. */
  become(devices: Device[]): void {
    this.devices = devices;
    for (const listener of this.#listeners) listener();
  }
}
