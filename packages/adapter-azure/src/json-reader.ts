/** A JSON object as it came from outside: nothing about its members is known. */
export type Incoming = { readonly [member: string]: unknown };

export function isObject(value: unknown): value is Incoming {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member, if it is a text that is not empty. */
export function textAt(object: Incoming, member: string): string | undefined {
  const value = object[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The member, if it is a finite number, 0 or more. */
export function amountAt(object: Incoming, member: string): number | undefined {
  const value = object[member];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The member, if it is a position that a file of a recording can have: what is no whole number cannot be counted on from. */
export function indexAt(object: Incoming, member: string): number | undefined {
  const value = amountAt(object, member);
  return Number.isInteger(value) && value !== undefined && value < 100_000 ? value : undefined;
}

/** The member, if it is an object; else an empty one. */
export function objectAt(object: Incoming, member: string): Incoming {
  const value = object[member];
  return isObject(value) ? value : {};
}

/** The objects among the elements of the member; none where it is no array. */
export function objectsAt(object: Incoming, member: string): readonly Incoming[] {
  const value = object[member];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** RFC 3339 in UTC with milliseconds: the service writes seven digits of a second, and offsets other than Z. */
export function timeOf(text: string | undefined): string | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
