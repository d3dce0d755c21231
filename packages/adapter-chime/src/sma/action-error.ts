import { type Blame, type ErrorCode, OnRecordError, type RetryAdvice } from '@onrecord/core';
import { type ActionError, callIdOf, eventType, failureOf } from './event/read-event.ts';
import type { SmaEvent } from './event/sma-event.ts';

interface Judgement {
  readonly code: ErrorCode;
  readonly retry: RetryAdvice;
  readonly blame: Blame;
  readonly remedy?: string | undefined;
}

const writable =
  'Let voiceconnector.chime.amazonaws.com write to the bucket, which must be in the account of the call.';

/** What an `ErrorType` means (developer guide, pages of the single actions and "Debugging unexpected failures"). */
const judgements: { readonly [type: string]: Judgement } = {
  accessdenied: {
    code: 'permission-denied',
    retry: 'never',
    blame: 'caller',
    remedy: 'Restore the service-linked role AWSServiceRoleForAmazonChimeVoiceConnector of the account.',
  },
  actionexecutionthrottled: { code: 'rate-limited', retry: 'safe', blame: 'provider' },
  callnotanswered: { code: 'timeout', retry: 'safe', blame: 'destination' },
  errorjoiningmeeting: { code: 'unavailable', retry: 'safe', blame: 'provider' },
  invalidactionparameter: { code: 'invalid-request', retry: 'never', blame: 'caller' },
  // No access, wrong account, format, size: the service does not tell them apart.
  invalidaudiosource: {
    code: 'permission-denied',
    retry: 'never',
    blame: 'destination',
    remedy: 'Let voiceconnector.chime.amazonaws.com read the file, which must be a PCM WAV of at most 50 MB.',
  },
  missingrequiredactionparameter: { code: 'invalid-request', retry: 'never', blame: 'caller' },
  noaccesstodestination: { code: 'permission-denied', retry: 'never', blame: 'destination', remedy: writable },
  systemexception: { code: 'unavailable', retry: 'safe', blame: 'provider' },
};

const unknown: Judgement = { code: 'unknown', retry: 'never', blame: 'provider' };
/** RecordAudio says so under an `ErrorType` of its parameters. */
const notUploaded: Judgement = { code: 'storage-failed', retry: 'never', blame: 'destination', remedy: writable };

export function judgeActionError({ type, message }: ActionError): Judgement {
  if (/error occurred while uploading/i.test(message)) return notUploaded;
  return judgements[type.toLowerCase()] ?? unknown;
}

/** The service's own words, and what to do about it. */
export function describeActionError(error: ActionError): string {
  const { remedy } = judgeActionError(error);
  const words = error.message === '' ? error.type : `${error.type}: ${error.message}`;
  return remedy === undefined ? words : `${words.replace(/[.\s]*$/, '.')} ${remedy}`;
}

/**
 * The failure that an ACTION_FAILED tells of, in either of its documented shapes, or that an INVALID_LAMBDA_RESPONSE
 * does; undefined for every other event.
 *
 * @example
 * ```ts
 * const ivr: Ivr = (event) => (smaActionError(event)?.code === 'timeout' ? { before: [voicemail] } : undefined);
 * ```
 */
export function smaActionError(event: SmaEvent): OnRecordError | undefined {
  const type = eventType(event);
  if (type !== 'ACTION_FAILED' && type !== 'INVALID_LAMBDA_RESPONSE') return undefined;
  const error = failureOf(event);
  const refused: Judgement = { code: 'invalid-request', retry: 'never', blame: 'caller' };
  const { code, retry, blame } = type === 'ACTION_FAILED' ? judgeActionError(error) : refused;
  const what = type === 'ACTION_FAILED' ? `${event.ActionData?.Type ?? 'An action'} failed` : 'The answer was refused';
  return new OnRecordError(code, `${what}. ${describeActionError(error)}`, {
    retry,
    blame,
    context: {
      errorType: error.type,
      action: event.ActionData?.Type,
      transactionId: event.CallDetails.TransactionId,
      callId: callIdOf(event, event.ActionData),
    },
  });
}
