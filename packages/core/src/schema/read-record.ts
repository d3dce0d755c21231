import { OnRecordError } from '../errors/index.ts';
import { type SessionRecord, sessionSchema } from '../session/record.ts';
import { recordShape } from './record-shape.ts';
import { misfit } from './shape.ts';

const newestMajor = Number(sessionSchema.split('/v')[1]);

/**
 * Takes a stored record for what it says it is. Members that this version does not know are kept, so that an older
 * process does not lose what a newer one wrote.
 *
 * @throws OnRecordError `unsupported` for a newer major of the schema, which must not be written back;
 * `integrity-failed` for what is no record, with the path of the first member that is wrong.
 */
export function readRecord(json: unknown): SessionRecord {
  const schema = typeof json === 'object' && json !== null ? Reflect.get(json, 'schema') : undefined;
  const major = typeof schema === 'string' ? /^onrecord\.session\/v([1-9]\d*)$/.exec(schema)?.[1] : undefined;
  if (major === undefined) throw malformed('schema', undefined);
  if (Number(major) > newestMajor) {
    throw new OnRecordError(
      'unsupported',
      `A record of schema ${schema} is newer than this version, which reads up to ${sessionSchema}.`,
      {
        remedy: 'Update @onrecord/core before this process reads or writes the session.',
        blame: 'library',
        context: { schema: String(schema) },
      },
    );
  }
  const path = misfit(json, recordShape);
  if (path !== undefined) throw malformed(path, json);
  return json as SessionRecord;
}

function malformed(path: string, json: unknown): OnRecordError {
  const id: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'id') : undefined;
  const sessionId = typeof id === 'string' ? id : undefined;
  return new OnRecordError('integrity-failed', `This is no session record: ${path} is missing or of the wrong type.`, {
    blame: 'destination',
    remedy: 'Restore the record from a backup; nothing was written.',
    context: { path, sessionId },
  });
}
