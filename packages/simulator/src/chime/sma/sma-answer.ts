import { ACTION_NAMES } from './actions/index.ts';
import type { SmaAction } from './sma-event.ts';

/** The limits of a Lambda function's answer. */
const MAX_ACTIONS = 10;
const MAX_ATTRIBUTES_BYTES = 20 * 1024;

/** An answer that was understood. */
export interface SmaAnswer {
  /** Undefined keeps the running list; a list, an empty one too, replaces it. */
  readonly actions: readonly SmaAction[] | undefined;
  /** Undefined keeps what is stored; a map replaces it, an empty one clears it. */
  readonly attributes: Readonly<Record<string, string>> | undefined;
}

/** What differs between pages of the documentation. */
export interface AnswerLimits {
  readonly maxAttributes: number;
  readonly blankAnswer: 'no-actions' | 'INVALID_LAMBDA_RESPONSE';
  readonly unknownAction: 'ACTION_FAILED' | 'INVALID_LAMBDA_RESPONSE';
}

/** Why an answer is refused, as INVALID_LAMBDA_RESPONSE says it. */
export interface InvalidAnswer {
  readonly type: string;
  readonly message: string;
}

/**
 * Reads the answer of a Lambda function. No answer at all keeps everything as it is.
 *
 * Documented error types are SchemaVersionMismatch and TransactionAttributesInvalidMapSize; the documentation names the
 * other causes without a type, and their types here are this simulator's own.
 */
export function readAnswer(answer: unknown, limits: AnswerLimits): SmaAnswer | { readonly invalid: InvalidAnswer } {
  if (answer === null || answer === undefined || answer === '') {
    if (limits.blankAnswer === 'no-actions') return { actions: undefined, attributes: undefined };
    return invalid('EmptyResponse', 'Response is empty or blank');
  }
  if (!isRecord(answer) || answer['SchemaVersion'] !== '1.0') {
    return invalid(
      'SchemaVersionMismatch',
      'The schema version in the invocation request does not match the schema version in the response',
    );
  }
  const attributes = readAttributes(answer['TransactionAttributes'], limits.maxAttributes);
  if (attributes && 'invalid' in attributes) return attributes;
  const actions = readActions(answer['Actions'], limits);
  if (actions && 'invalid' in actions) return actions;
  return { actions, attributes: attributes?.map };
}

function readAttributes(
  value: unknown,
  maxAttributes: number,
): { readonly map: Readonly<Record<string, string>> } | { readonly invalid: InvalidAnswer } | undefined {
  if (value === null || value === undefined) return undefined;
  const entries = isRecord(value) ? Object.entries(value) : undefined;
  if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return invalid('TransactionAttributesInvalid', 'Transaction Attributes is not a map of strings');
  }
  if (entries.length > maxAttributes) {
    return invalid(
      'TransactionAttributesInvalidMapSize',
      `Transaction Attributes has too many mappings. Maximum number of mappings is ${maxAttributes}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_ATTRIBUTES_BYTES) {
    return invalid('TransactionAttributesInvalid', 'Transaction Attributes is larger than 20 KB');
  }
  return { map: Object.fromEntries(entries) };
}

function readActions(
  value: unknown,
  limits: AnswerLimits,
): readonly SmaAction[] | { readonly invalid: InvalidAnswer } | undefined {
  if (value === null || value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every(isAction)) {
    return invalid('InvalidActionList', 'Error while reading the list of actions');
  }
  if (value.length > MAX_ACTIONS) {
    return invalid('TooManyActions', `Too many actions specified in the response. The maximum is ${MAX_ACTIONS}`);
  }
  const unknown = value.find(({ Type }) => !ACTION_NAMES.includes(Type));
  if (unknown && limits.unknownAction === 'INVALID_LAMBDA_RESPONSE') {
    return invalid('UnsupportedAction', `Unsupported action name specified: ${unknown.Type}`);
  }
  return value;
}

function isAction(value: unknown): value is SmaAction {
  if (!isRecord(value) || typeof value['Type'] !== 'string') return false;
  return value['Parameters'] === undefined || isRecord(value['Parameters']);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(type: string, message: string): { readonly invalid: InvalidAnswer } {
  return { invalid: { type, message } };
}
