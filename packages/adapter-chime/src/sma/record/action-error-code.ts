import type { ErrorCode } from '@onrecord/core';

const codes: { readonly [type: string]: ErrorCode } = {
  AccessDenied: 'permission-denied',
  ActionExecutionThrottled: 'rate-limited',
  InvalidActionParameter: 'invalid-request',
  // No access, wrong account, format, size: the service does not tell them apart.
  InvalidAudioSource: 'permission-denied',
  MissingRequiredActionParameter: 'invalid-request',
  NoAccessToDestination: 'permission-denied',
  NoAccessTODestination: 'permission-denied',
  SystemException: 'unavailable',
};

/** What an `ErrorType` of ACTION_FAILED means (developer guide, pages of the single actions). */
export function actionErrorCode(type: string): ErrorCode {
  return codes[type] ?? 'unknown';
}
