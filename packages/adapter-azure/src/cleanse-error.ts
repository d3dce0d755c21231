import { OnRecordError } from '@onrecord/core';
import { type Incoming, isObject, objectAt } from './json-reader.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Levels of an error body that are looked through. */
const deepest = 6;

/**
 * Takes the secrets out of an error of the SDK, which is kept as the cause of ours and may be printed: the service quotes
 * addresses of prompts with their signatures, and the request holds them, too.
 */
export function cleanse(error: object): void {
  if (OnRecordError.is(error) || !isObject(error)) return;
  const { message, stack } = error;
  if (typeof message === 'string') {
    const clean = withoutSecrets(message);
    set(error, 'message', clean);
    if (typeof stack === 'string') set(error, 'stack', stack.replaceAll(message, clean));
  }
  cleanseTexts(error['details'], deepest);
  const response = objectAt(error, 'response');
  cleanseTexts(response['parsedBody'], deepest);
  if (typeof response['bodyAsText'] === 'string') set(response, 'bodyAsText', withoutSecrets(response['bodyAsText']));
  for (const request of [objectAt(error, 'request'), objectAt(response, 'request')]) {
    if (request['body'] !== undefined) set(request, 'body', undefined);
  }
}

function cleanseTexts(value: unknown, levels: number): void {
  if (typeof value !== 'object' || value === null || levels === 0) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string') set(value, name, withoutSecrets(member));
    else cleanseTexts(member, levels - 1);
  }
}

/** What cannot be written stays: an error must not be hidden by another one. */
function set(target: object | Incoming, name: string, value: unknown): void {
  Reflect.set(target, name, value);
}
