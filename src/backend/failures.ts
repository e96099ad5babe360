import { ApiError, type ErrorCode } from './errors.js';

/** What Fastify and Node call the faults of a request. */
const foreignCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'body_wrong_type',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

const malformedProblems: Record<string, string> = {
  FST_ERR_BAD_URL: 'its address is encoded wrongly',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'the extensions of its chunks are too large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'its body is not as long as it says',
};

/** The error of this server that something thrown while a request was handled stands for; null: nobody foresaw it. */
export function toApiError(thrown: unknown): ApiError | null {
  if (thrown instanceof ApiError) return thrown;
  const code = codeOf(thrown);
  if (foreignCodes[code]) return new ApiError(foreignCodes[code]);
  const problem = malformedProblems[code];
  return problem ? new ApiError('request_malformed', { params: { problem } }) : null;
}

/** What Node says of a connection whose request it could not read. */
export function toConnectionError(thrown: Error): ApiError {
  return toApiError(thrown) ?? new ApiError('request_malformed', { params: { problem: 'it could not be read' } });
}

function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' ? code : '';
}
