import type { ObjectFacts } from '../driver/driver.ts';
import type { MediaExpectation, MediaSighting } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { ObjectInfo } from '../storage/index.ts';
import type { WorkerContext } from './worker-options.ts';

/** What a look at a place showed. */
export interface Look {
  readonly part: PartRecord;
  readonly expected: MediaExpectation;
  readonly found: readonly ObjectInfo[];
}

/** What was found at a place, as files of the recording, in the order given. */
export function landedFiles(
  context: WorkerContext,
  record: SessionRecord,
  expected: MediaExpectation,
  found: readonly ObjectInfo[],
): readonly MediaSighting[] {
  const describe = describing(context, record);
  return found.map((info, index) => ({ ...sighting(info, expected, index), ...describe(info) }));
}

/** Reads what the provider wrote about a file, if its driver can. */
export function describing(context: WorkerContext, record: SessionRecord): (info: ObjectInfo) => ObjectFacts {
  const { driver } = context.instances[record.provider] ?? {};
  return (info) => driver?.describeObject?.(info) ?? {};
}

function sighting(info: ObjectInfo, expected: MediaExpectation, index: number): MediaSighting {
  return {
    key: info.uri,
    uri: info.uri,
    role: expected.role,
    container: expected.container,
    bytes: info.bytes,
    ...(info.contentType === undefined ? {} : { mediaType: info.contentType }),
    ...(expected.tracks === undefined ? {} : { tracks: expected.tracks }),
    index,
  };
}
