import type { Artifact, DriverContext, OpenedMedia } from '@onrecord/core';
import type { ContentClient } from './content-client.ts';

/** Opens a file in the service's storage. Whoever reads on with the same artifact is told when the file changed meanwhile. */
export function openArtifact(
  artifact: Artifact,
  range: { readonly first: number } | undefined,
  content: ContentClient,
  { signal }: DriverContext,
): Promise<OpenedMedia> {
  const kind = artifact.role === 'metadata' ? 'metadata' : 'media';
  return content.open(artifact.source, { first: range?.first, kind, reading: artifact, signal });
}
