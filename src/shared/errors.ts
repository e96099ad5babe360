/** A value of a sentence; another notice stands for its own sentence, in the language of whoever reads it. */
export type NoticeValue = string | number | Notice;

/** An error or a state on its way to a person: a stable code and the values its sentence needs. The text lives in `messages/`. */
export interface Notice {
  code: string;
  params: Record<string, NoticeValue>;
}

/** What crosses every boundary (window, panel, terminal) when something failed. */
export interface LimpidErrorShape {
  code: string;
  /** One sentence: what happened. */
  message: string;
  /** One sentence: what to do next. */
  hint: string;
  /** The values of these sentences, for whoever says them in another language. Absent: the sentences are all there is. */
  params?: Notice['params'];
  /** Whether the same call may work later without anyone changing anything. */
  retryable: boolean;
}

/** Failures of the native core that may pass without anyone changing anything. */
export const retryableNativeCodes: ReadonlySet<string> = new Set(['device.busy', 'device.failed', 'device.hung']);

export type Result<Value> = { ok: true; value: Value } | { ok: false; error: LimpidErrorShape };

/** The one error class of the TypeScript side. `params` fill the sentence of `code` in the message catalogue. */
export class LimpidError extends Error {
  override readonly name = 'LimpidError';

  constructor(
    readonly code: string,
    readonly params: Notice['params'] = {},
    options: { cause?: unknown; retryable?: boolean } = {},
  ) {
    super(code, { cause: options.cause });
    this.retryable = options.retryable ?? false;
  }

  readonly retryable: boolean;
}

/** What a state says about an error. */
export const noticeOf = ({ code, params }: LimpidError): Notice => ({ code, params });

/** The error that a notice tells of. */
export const errorOf = ({ code, params }: Notice, options: { retryable?: boolean } = {}): LimpidError =>
  new LimpidError(code, params, options);
