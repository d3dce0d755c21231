import { type Incoming, objectAt, textAt } from '../json-reader.ts';
import { withoutSecrets } from '../without-secrets.ts';

/** What an event says of an outcome, fit for an error message; every member of it is optional by description. */
export interface Result {
  /** HTTP-like status. */
  readonly code?: number | undefined;
  readonly subCode?: string | undefined;
  readonly text: string;
}

/** Reads `resultInformation` of an event's data; `fallback` stands where it has no message. */
export function resultIn(data: Incoming, fallback: string): Result {
  const result = objectAt(data, 'resultInformation');
  const code = decimalAt(result, 'code');
  const subCode = decimalAt(result, 'subCode');
  const said = withoutSecrets(textAt(result, 'message') ?? fallback);
  const codes = [code, subCode].filter((part) => part !== undefined).join('/');
  return {
    code: code === undefined ? undefined : Number(code),
    subCode,
    text: codes === '' ? said : `${codes} ${said}`,
  };
}

/** The description has numbers; the error bodies of the same service have their decimal text. */
function decimalAt(result: Incoming, member: string): string | undefined {
  const value = result[member];
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? text : undefined;
}
