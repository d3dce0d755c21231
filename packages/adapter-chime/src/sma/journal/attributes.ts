/** The one transaction attribute that belongs to OnRecord. */
export const ourAttribute = 'onrecord';

export type Attributes = { readonly [name: string]: string };

/** Most pairs that the service takes, by its error text; the guide speaks of 100. */
const maxPairs = 10;

/**
 * The map of an answer: the user's, replaced as a whole when they gave one, plus ours. A map without ours would delete
 * it, so it is always there; a user's `{}` clears only theirs. Undefined, which leaves the map as it is, where another
 * function left no room for ours: an answer that is refused would be worse.
 */
export function mergeAttributes(
  previous: Attributes,
  given: Attributes | undefined,
  state: string,
): Attributes | undefined {
  const { [ourAttribute]: _, ...kept } = previous;
  const merged = { ...(given ?? kept), ...(state === '' ? {} : { [ourAttribute]: state }) };
  return Object.keys(merged).length > maxPairs ? undefined : merged;
}
