import { LimpidError } from './errors.js';

/** What an answer of the licensed engine's library means for the one who speaks. */
export type LicenceState =
  'active' | 'expired' | 'not-allowed' | 'token-invalid' | 'token-unsupported' | 'model-problem' | 'engine-problem';

interface VendorAnswer {
  /** The vendor's own name of the code. */
  name: string;
  state: LicenceState;
  /** Code of the message catalogue that says what happened and what to do. */
  notice: string;
}

const answer = (name: string, state: LicenceState, notice: string): VendorAnswer => ({ name, state, notice });

/** AicErrorCode of the vendor's C interface, 0.22 to 0.25: the one place where its numbers get a meaning. */
const answers = new Map<number, VendorAnswer>([
  [0, answer('SUCCESS', 'active', 'aic.active')],
  [1, answer('NULL_POINTER', 'engine-problem', 'aic.engine-problem')],
  [2, answer('PARAMETER_OUT_OF_RANGE', 'engine-problem', 'aic.engine-problem')],
  [3, answer('NOT_INITIALIZED', 'engine-problem', 'aic.engine-problem')],
  [4, answer('AUDIO_CONFIG_UNSUPPORTED', 'engine-problem', 'aic.engine-problem')],
  [5, answer('AUDIO_CONFIG_MISMATCH', 'engine-problem', 'aic.engine-problem')],
  [6, answer('PROCESSING_NOT_ALLOWED', 'not-allowed', 'aic.not-allowed')],
  [7, answer('INTERNAL_ERROR', 'engine-problem', 'aic.engine-problem')],
  [50, answer('LICENSE_FORMAT_INVALID', 'token-invalid', 'aic.token-invalid')],
  [51, answer('LICENSE_VERSION_UNSUPPORTED', 'token-invalid', 'aic.token-version')],
  [52, answer('LICENSE_EXPIRED', 'expired', 'aic.expired')],
  [53, answer('TOKEN_UPDATE_UNSUPPORTED', 'token-unsupported', 'aic.token-unsupported')],
  [100, answer('MODEL_INVALID', 'model-problem', 'aic.model-invalid')],
  [101, answer('MODEL_VERSION_UNSUPPORTED', 'model-problem', 'aic.model-version')],
  [102, answer('FILE_PATH_INVALID', 'model-problem', 'aic.model-path')],
  [103, answer('FILE_SYSTEM_ERROR', 'model-problem', 'aic.model-unreadable')],
  [104, answer('MODEL_DATA_UNALIGNED', 'model-problem', 'aic.model-invalid')],
  [105, answer('MODEL_TYPE_UNSUPPORTED', 'model-problem', 'aic.model-type')],
]);

/** The meaning of a code; one that is newer than this table counts as a problem of the engine. */
export function describeVendorCode(code: number): VendorAnswer {
  return answers.get(code) ?? answer(`CODE_${code}`, 'engine-problem', 'aic.engine-problem');
}

/** The error behind an answer of the library. Another token, or the same one later, may help. */
export function vendorError(code: number): LimpidError {
  const { name, notice } = describeVendorCode(code);
  return new LimpidError(notice, { name, code }, { retryable: true });
}

/** The library's code in an error that came from it; null in others. */
export function vendorCodeOf({ code, params }: LimpidError): number | null {
  return code.startsWith('aic.') && typeof params['code'] === 'number' ? params['code'] : null;
}
