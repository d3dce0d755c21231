import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { Extent } from './extent.ts';

/** By what two answers about one file tell whether it is still the same file. */
export interface FileVersion {
  readonly total: number | undefined;
  readonly etag: string | undefined;
}

export function versionOf({ headers }: PipelineResponse, { total }: Extent): FileVersion {
  return { total, etag: headers.get('etag') };
}

/** What became of the file between two answers, or undefined where nothing shows that it changed. */
export function changeOf(before: FileVersion, now: FileVersion): string | undefined {
  if (before.total !== undefined && now.total !== undefined && before.total !== now.total) {
    return `has ${now.total} bytes now, and had ${before.total} when it was first opened`;
  }
  if (before.etag !== undefined && now.etag !== undefined && before.etag !== now.etag) {
    return 'is another version than the one that was first opened';
  }
  return undefined;
}
