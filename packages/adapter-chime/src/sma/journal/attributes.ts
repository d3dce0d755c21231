import { OnRecordError } from '@onrecord/core';

/** The one transaction attribute that belongs to OnRecord. */
export const ourAttribute = 'onrecord';

/**
 * Limits of the whole map. The guide speaks of 100 pairs, the service's error text of 10: the smaller one holds
 * everywhere.
 */
const maxPairs = 10;
const maxBytes = 20 * 1024;

export type Attributes = { readonly [name: string]: string };

/**
 * The map of an answer: the user's, replaced as a whole when they gave one, plus ours. A map without ours would delete
 * it, so it is always there; a user's `{}` clears only theirs.
 * @throws OnRecordError `invalid-request` for a map that the service would refuse.
 */
export function mergeAttributes(previous: Attributes, given: Attributes | undefined, state: string): Attributes {
  const { [ourAttribute]: _, ...kept } = previous;
  if (given) check(given, state);
  return state === '' ? (given ?? kept) : { ...(given ?? kept), [ourAttribute]: state };
}

function check(given: Attributes, state: string): void {
  const entries = Object.entries(given);
  const bytes = Buffer.byteLength(JSON.stringify({ ...given, [ourAttribute]: state }));
  const problem =
    ourAttribute in given
      ? `"${ourAttribute}" is reserved`
      : entries.some(([, value]) => typeof value !== 'string')
        ? 'every value must be a string'
        : entries.length >= maxPairs
          ? `there are ${entries.length}, and at most ${maxPairs - 1} beside our own`
          : bytes > maxBytes
            ? `they take ${bytes} bytes of at most ${maxBytes}`
            : undefined;
  if (!problem) return;
  throw new OnRecordError('invalid-request', `The transaction attributes were not changed: ${problem}.`, {
    remedy: 'Keep data in a store of your own and put its key into the attributes.',
  });
}
