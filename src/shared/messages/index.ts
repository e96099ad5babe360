import { LimpidError, noticeOf, retryableNativeCodes, type LimpidErrorShape, type Notice } from '../errors.js';
import { backend } from './en/backend.js';
import { cli } from './en/cli.js';
import { credentials } from './en/credentials.js';
import { demo } from './en/demo.js';
import { diagnostics } from './en/diagnostics.js';
import { downloads } from './en/downloads.js';
import { files } from './en/files.js';
import { hosts } from './en/hosts.js';
import { licensed } from './en/licensed.js';
import { live } from './en/live.js';
import { recording } from './en/recording.js';
import { server } from './en/server.js';
import { tokens } from './en/tokens.js';
import { window } from './en/window.js';

/** What happened, and what to do next: whole sentences with `{placeholders}`. */
export interface Message {
  message: string;
  hint: string;
}

/** The areas of the catalogue. No code stands in two of them (a test checks it). */
export const areas: Record<string, Record<string, Message>> = {
  backend,
  cli,
  credentials,
  demo,
  diagnostics,
  downloads,
  files,
  hosts,
  licensed,
  live,
  recording,
  server,
  tokens,
  window,
};

const catalogue = new Map(Object.values(areas).flatMap((area) => Object.entries(area)));

/** The sentences of a notice with its values filled in. A code without sentences reads as an internal error. */
export function describe(notice: Notice): Message {
  const entry = catalogue.get(notice.code) ?? live.internal;
  return { message: fill(entry.message, notice.params), hint: fill(entry.hint, notice.params) };
}

/**
 * Turns anything that was thrown into what may cross a boundary. Errors of the native core are known by their code;
 * everything else becomes `internal`, without its text or stack, which may name files or carry secrets.
 */
export function toErrorShape(error: unknown): LimpidErrorShape {
  if (error instanceof LimpidError) {
    return { code: error.code, ...describe(noticeOf(error)), retryable: error.retryable };
  }
  if (isNativeError(error)) {
    const { code } = error;
    const detail = error.detail || error.message;
    return { code, ...describe({ code, params: { detail } }), retryable: retryableNativeCodes.has(code) };
  }
  return { code: 'internal', ...describe({ code: 'internal', params: {} }), retryable: false };
}

/** Puts values in place; one that ends with a full stop before a full stop gives up its own. */
function fill(sentence: string, params: Notice['params']): string {
  return sentence.replaceAll(/\{(\w+)\}(\.?)/g, (placeholder, name: string, stop: string) => {
    const value = params[name];
    return value === undefined ? placeholder : `${stop ? String(value).replace(/\.$/, '') : value}${stop}`;
  });
}

function isNativeError(error: unknown): error is Error & { code: string; detail?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && catalogue.has(error.code);
}
