import { type Incoming, isObject, objectAt, objectsAt, textAt } from './json-reader.ts';
import { withoutSecrets } from './without-secrets.ts';

/** HTTP status of an answer that the SDK threw; undefined where none came. */
export function statusOf(error: Incoming): number | undefined {
  for (const status of [error['statusCode'], error['status']]) {
    if (typeof status === 'number' && status >= 100) return status;
  }
  return undefined;
}

/** Reads the headers of an answer that the SDK threw. */
export function headersOf(error: Incoming): (name: string) => string | undefined {
  const headers = objectAt(error, 'response')['headers'];
  if (typeof headers !== 'object' || headers === null || !('get' in headers)) return () => undefined;
  const { get } = headers;
  return (name) => {
    const value: unknown = typeof get === 'function' ? Reflect.apply(get, headers, [name]) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
}

/** Whether the SDK could make nothing of the answer's body. */
export function isUnreadable(error: Incoming): boolean {
  return error['code'] === 'PARSE_ERROR';
}

/**
 * The service's code: the decimal sub-code where there is one at any depth, else the outermost word. What the SDK and
 * Node call an error is none.
 */
export function providerCodeOf(error: Incoming): string | undefined {
  if (isUnreadable(error) || statusOf(error) === undefined) return undefined;
  const codes = statements(error).flatMap((statement) => codeIn(statement) ?? []);
  return codes.find((code) => /^\d+$/.test(code)) ?? codes[0];
}

/** What the service says, if it is a sentence: with an answer that is no JSON, the SDK takes the body for a message. */
export function sentenceOf(error: Incoming): string {
  if (isUnreadable(error)) return ', with a body that cannot be read.';
  const [outer, ...inner] = statements(error);
  const message = textAt(error, 'message')?.trim() || (outer && textAt(outer, 'message')?.trim()) || '';
  if (message.startsWith('<')) return ', without an error body.';
  const said = [message, ...inner.map((statement) => textAt(statement, 'message')?.trim() ?? '')];
  const sentences = [...new Set(said)].filter((sentence) => sentence !== '');
  const target = statements(error).flatMap((statement) => textAt(statement, 'target') ?? [])[0];
  const about = target === undefined || sentences.some((sentence) => sentence.includes(target)) ? '' : ` (${target})`;
  if (sentences.length === 0) return about === '' ? ', without an error body.' : `: something is wrong${about}.`;
  return `: ${withoutSecrets(`${sentences.join(' ')}${about}`)}`;
}

/** Levels of `innererror` that are read. */
const deepest = 5;

/** The error and what it holds: outermost first, then `innererror` inwards, then `details`. */
function statements(error: Incoming): readonly Incoming[] {
  const outer = objectAt(objectAt(error, 'details'), 'error');
  const found: Incoming[] = [{ code: error['code'], target: outer['target'] }];
  let inner: unknown = outer['innererror'] ?? outer['innerError'];
  for (let depth = 0; depth < deepest && isObject(inner); depth++) {
    found.push(inner);
    inner = inner['innererror'] ?? inner['innerError'];
  }
  return [...found, ...objectsAt(outer, 'details')];
}

function codeIn(statement: Incoming): string | undefined {
  const code = statement['code'];
  if (typeof code === 'number' && Number.isSafeInteger(code)) return String(code);
  return typeof code === 'string' && /^[\w.-]{1,80}$/.test(code) ? code : undefined;
}
