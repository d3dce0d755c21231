/** The one transaction attribute that belongs to OnRecord. */
export const ourAttribute = 'onrecord';

export type Attributes = { readonly [name: string]: string };

/**
 * The map of an answer: the user's, replaced as a whole when they gave one, plus ours. A map without ours would delete
 * it, so it is always there; a user's `{}` clears only theirs.
 */
export function mergeAttributes(previous: Attributes, given: Attributes | undefined, state: string): Attributes {
  const { [ourAttribute]: _, ...kept } = previous;
  return { ...(given ?? kept), ...(state === '' ? {} : { [ourAttribute]: state }) };
}
