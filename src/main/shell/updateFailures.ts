import { LimpidError } from '../../shared/errors.js';

/** What this computer refuses by itself, in the codes that electron-updater's own errors have. */
export const insecureCode = 'ERR_LIMPID_INSECURE';
export const stalledCode = 'ERR_LIMPID_STALLED';

/** The file is not what its publisher made, or nobody can tell. */
const untrustedCodes = new Set(['ERR_CHECKSUM_MISMATCH', 'ERR_UPDATER_INVALID_SIGNATURE']);
const feedCodes = new Set([
  'ERR_INVALID_URL',
  'ERR_UPDATER_CHANNEL_FILE_NOT_FOUND',
  'ERR_UPDATER_INVALID_UPDATE_INFO',
  'ERR_UPDATER_INVALID_VERSION',
  'ERR_UPDATER_NO_CHECKSUM',
  'ERR_UPDATER_NO_FILES_PROVIDED',
  'ERR_UPDATER_ZIP_FILE_NOT_FOUND',
  'ERR_UPDATER_WEB_INSTALLER_DISABLED',
]);
const networkCodes =
  /^(?:E(?:CONN|HOST|NET|ADDR|TIMEDOUT|PIPE|AI_|PROTO)|ENOTFOUND|HTTP_ERROR_|CERT_|ERR_(?:TLS|SSL)_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/;
/** Errors without a code: of Electron's `net`, and sentences of builder-util-runtime. */
const networkMessages =
  /net::ERR_|Request timed out|aborted|Too many redirects|^Cannot download ".*", status \d+|socket hang up/;
/** Of Squirrel.Mac, which checks that old and new app are signed by the same publisher. */
const signatureMessages = /code signature|did not pass validation|code requirement/i;
const spaceCodes = new Set(['ENOSPC', 'EDQUOT']);
const writeCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV', 'EISDIR', 'ENOTDIR']);

/**
 * Gives what electron-updater, Node, Electron's `net` or Squirrel reports its code: `updates.untrusted`, `updates.insecure`,
 * `updates.feed-broken`, `updates.disk-full`, `updates.unwritable`, `updates.unreachable` (retryable) or `updates.failed`. The
 * original error may hold a signed address and is not kept.
 */
export function updateFailure(error: unknown): LimpidError {
  if (error instanceof LimpidError) return error;
  const { code, message } = describeError(error);
  if (untrustedCodes.has(code) || signatureMessages.test(message)) return new LimpidError('updates.untrusted');
  if (code === insecureCode) return new LimpidError('updates.insecure');
  if (feedCodes.has(code)) return new LimpidError('updates.feed-broken');
  if (spaceCodes.has(code)) return new LimpidError('updates.disk-full');
  if (writeCodes.has(code)) return new LimpidError('updates.unwritable');
  if (code === stalledCode || networkCodes.test(code) || networkMessages.test(message)) {
    return new LimpidError('updates.unreachable', {}, { retryable: true });
  }
  return new LimpidError('updates.failed');
}

function describeError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const { code } = error as { code?: unknown };
  return { code: typeof code === 'string' ? code : '', message: error.message };
}

/** An error with a code, as electron-updater throws them. */
export const codedError = (code: string): Error => Object.assign(new Error(code), { code });
