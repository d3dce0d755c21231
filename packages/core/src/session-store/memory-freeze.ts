/**
 * Freezes a JSON value to its leaves. What is frozen already is not entered again: successive revisions of a record
 * share most of their structure, so the cost is that of what changed.
 */
export function freezeJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freezeJson(member);
  return value;
}
