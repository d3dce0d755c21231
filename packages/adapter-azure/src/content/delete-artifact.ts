import {
  type Artifact,
  type DeletionReceipt,
  type DriverContext,
  type JsonObject,
  OnRecordError,
} from '@onrecord/core';
import { textAt } from '../json-reader.ts';
import type { ContentClient } from './content-client.ts';

/** Deletes a file with its metadata, which has no address of its own to be deleted by. Already gone is success. */
export async function deleteArtifact(
  artifact: Artifact,
  access: JsonObject | undefined,
  content: ContentClient,
  { signal }: DriverContext,
): Promise<DeletionReceipt | undefined> {
  if (artifact.role === 'metadata') return undefined;
  const location = access && textAt(access, 'deleteLocation');
  if (location === undefined) {
    throw new OnRecordError('unsupported', 'The event that named this file gave no address to delete it by.', {
      blame: 'provider',
      remedy: 'Azure deletes it by itself 24 hours after it appeared.',
    });
  }
  return content.delete(location, { signal });
}
