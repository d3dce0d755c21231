import { OnRecordError, type SessionRecord } from '@onrecord/core';

/** The newest major of the session schema that this version reads. */
export const newestMajor = 1;

/** The major version that a record says it has; 0 when it says none. */
export function majorOf(schema: unknown): number {
  return Number(/^onrecord\.session\/v([1-9]\d*)$/.exec(String(schema))?.[1] ?? 0);
}

/** @throws OnRecordError `integrity-failed` when the stored text is not JSON. */
export function decodeJson(text: unknown, path: string): unknown {
  try {
    return JSON.parse(String(text));
  } catch (cause) {
    throw new OnRecordError('integrity-failed', `The session store ${path} holds an entry that is not JSON.`, {
      blame: 'destination',
      remedy: 'Restore it from a backup.',
      context: { path },
      cause,
    });
  }
}

/** @throws OnRecordError `integrity-failed`; `unsupported` for a record of a newer major. */
export function decodeRecord(text: unknown, path: string): SessionRecord {
  return checkRecord(decodeJson(text, path), path);
}

/** @throws OnRecordError `integrity-failed`; `unsupported` for a record of a newer major. */
export function checkRecord(value: unknown, path: string): SessionRecord {
  const schema = typeof value === 'object' && value !== null ? Reflect.get(value, 'schema') : undefined;
  if (majorOf(schema) === 0) {
    throw new OnRecordError('integrity-failed', `The session store ${path} holds an entry that is no session record.`, {
      blame: 'destination',
      context: { path },
    });
  }
  refuseNewer(majorOf(schema), path);
  return value as SessionRecord;
}

/** @throws OnRecordError `unsupported` for a major that only a newer version reads. */
export function refuseNewer(major: number, path: string): void {
  if (major <= newestMajor) return;
  throw new OnRecordError(
    'unsupported',
    `A record in ${path} has schema version ${major}; this version reads up to ${newestMajor}.`,
    { remedy: 'Update OnRecord in this process; nothing was written.', context: { path, major } },
  );
}
