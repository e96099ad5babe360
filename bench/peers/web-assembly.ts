type Imports = Record<string, Record<string, () => unknown>>;

/** TypeScript's types of WebAssembly come with those of browsers; this is the part that is needed here. */
interface WebAssemblyApi {
  instantiate(bytes: Uint8Array, imports: Imports): Promise<{ instance: { exports: unknown } }>;
}

const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** A linear memory. */
export interface WasmMemory {
  buffer: ArrayBuffer;
}

/** Starts a module and gives its exports, which the caller knows. */
export async function instantiate<Exports>(bytes: Uint8Array, imports: Imports): Promise<Exports> {
  const { instance } = await api.instantiate(bytes, imports);
  return instance.exports as Exports;
}
