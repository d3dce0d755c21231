import type { Blame, Classification, ErrorCode, RetryAdvice } from './codes.ts';

/** Shared by every copy of this package in a process, where `instanceof` is not. */
const brand = Symbol.for('@onrecord/error');

/** Where an error happened and with what; JSON values only, no secrets, no personal data. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface OnRecordErrorOptions {
  readonly retry?: RetryAdvice | undefined;
  readonly blame?: Blame | undefined;
  /** What to do about it: an imperative sentence, appended to the message. */
  readonly remedy?: string | undefined;
  readonly context?: ErrorContext | undefined;
  readonly cause?: unknown;
}

/**
 * The one error of OnRecord: what failed, where, why, and what to do.
 *
 * @example
 * ```ts
 * try {
 *   await session.pause();
 * } catch (error) {
 *   if (OnRecordError.is(error, 'timeout')) await session.stop();
 *   else throw error;
 * }
 * ```
 */
export class OnRecordError extends Error {
  override readonly name: string = 'OnRecordError';
  readonly code: ErrorCode;
  readonly retry: RetryAdvice;
  readonly blame: Blame;
  readonly remedy: string | undefined;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, options: OnRecordErrorOptions = {}) {
    super(
      options.remedy ? `${message} ${options.remedy}` : message,
      'cause' in options ? { cause: options.cause } : {},
    );
    this.code = code;
    this.retry = options.retry ?? 'never';
    this.blame = options.blame ?? 'caller';
    this.remedy = options.remedy;
    this.context = options.context ?? {};
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for an OnRecord error of any copy of this package, and of `code` when one is given. */
  static is(error: unknown, code?: ErrorCode): error is OnRecordError {
    return (
      typeof error === 'object' &&
      error !== null &&
      Reflect.get(error, brand) === true &&
      (code === undefined || (error as OnRecordError).code === code)
    );
  }

  /** Wraps what a driver's SDK threw by the driver's own classification; an `OnRecordError` passes unchanged. */
  static wrap(error: unknown, classification: Classification, context: ErrorContext): OnRecordError {
    if (OnRecordError.is(error)) return error;
    const text = classification.message ?? (error instanceof Error ? error.message : String(error));
    return new OnRecordError(classification.code, text, {
      retry: classification.retry,
      blame: classification.blame,
      remedy: classification.remedy,
      cause: error,
      context: {
        ...context,
        requestId: classification.requestId,
        providerCode: classification.providerCode,
        retryAfterMs: classification.retryAfterMs,
      },
    });
  }

  toJSON(): {
    readonly code: ErrorCode;
    readonly message: string;
    readonly retry: RetryAdvice;
    readonly blame: Blame;
    readonly context: ErrorContext;
  } {
    return { code: this.code, message: this.message, retry: this.retry, blame: this.blame, context: this.context };
  }
}
