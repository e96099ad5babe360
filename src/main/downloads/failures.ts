import { LimpidError, noticeOf } from '../../shared/errors.js';

const tlsCode = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/;
const unreachableCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
]);

/** Gives a failure of the network its code. `host` is named in the sentence; the original error may hold a signed address and is dropped. */
export function networkError(error: unknown, host: string): LimpidError {
  if (error instanceof LimpidError) return error.code.startsWith('backend.') ? ofConnection(error, host) : error;
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA')
    return new LimpidError('download.dns', { host });
  if (tlsCode.test(code)) return new LimpidError('download.tls', { host, detail: code });
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return timeoutError(host);
  if (unreachableCodes.has(code)) return retryable('download.unreachable', { host, detail: code });
  if (code === '') return new LimpidError('internal', {}, { cause: error });
  return retryable('download.interrupted', { host });
}

/** The connection names its failures as one to a token backend. */
function ofConnection(error: LimpidError, host: string): LimpidError {
  const { code, params, retryable: mayPass } = error;
  const { detail = '', issuer = '?' } = params;
  if (code.startsWith('backend.proxy-')) {
    return new LimpidError('download.proxy', { host, detail: noticeOf(error) }, { retryable: mayPass });
  }
  if (code === 'backend.tls-untrusted') return new LimpidError('download.tls-untrusted', { host, issuer });
  if (code.startsWith('backend.tls')) {
    return new LimpidError('download.tls', { host, detail: detail || noticeOf(error) }, { retryable: mayPass });
  }
  if (code === 'backend.dns') return new LimpidError('download.dns', { host });
  if (code === 'backend.refused') return retryable('download.unreachable', { host, detail: 'ECONNREFUSED' });
  if (detail === 'ETIMEDOUT') return timeoutError(host);
  if (typeof detail === 'string' && unreachableCodes.has(detail)) {
    return retryable('download.unreachable', { host, detail });
  }
  return retryable('download.interrupted', { host });
}

export const timeoutError = (host: string): LimpidError => retryable('download.timeout', { host });

/** Gives a failure of the file system its code; `path` is what could not be written. Other errors stay what they are. */
export function fileError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (error instanceof LimpidError || code === '') return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new LimpidError('download.disk-full', { path }, { cause: error });
  return new LimpidError('download.unwritable', { path, detail: code }, { cause: error });
}

/** The code of an error of Node or undici, also of the first in a bundle (several addresses of one host); empty when it has none. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

const retryable = (
  code: 'download.unreachable' | 'download.interrupted' | 'download.timeout',
  params: LimpidError['params'],
) => new LimpidError(code, params, { retryable: true });
