import { asLimpidError } from './native.js';

/** Native code never closes a library that it could open, whatever becomes of its engines. */
let wasOpened = false;

/** Whether the licensed engine's library is in this process: what it reads when it is loaded has been read. */
export const isLibraryOpened = (): boolean => wasOpened;

/** Passes on what comes of a call that opens the library, and remembers whether it was opened. */
export async function openingLibrary<Value>(call: Promise<Value>): Promise<Value> {
  try {
    const value = await call;
    wasOpened = true;
    return value;
  } catch (cause) {
    const { code } = asLimpidError(cause);
    // Anything else of the engine is said by the library, or comes after it.
    if (code.startsWith('aic.') && !code.startsWith('aic.library-') && code !== 'aic.closed') wasOpened = true;
    throw cause;
  }
}
