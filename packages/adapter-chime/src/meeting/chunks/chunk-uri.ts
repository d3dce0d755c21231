/** Scheme of the URIs under which chunks are read as one file: `chime-chunks://<bucket>/<prefix>/<stream>`. */
const scheme = 'chime-chunks://';

export type JoinedStream = 'audio' | 'composited-video';

/** @param prefix of the part whose chunks they are, without a slash at its end. */
export function chunkUri(bucket: string, prefix: string, stream: JoinedStream): string {
  return `${scheme}${bucket}/${prefix}/${stream}`;
}

/** Undefined for any URI that {@link chunkUri} did not make for this bucket and this prefix. */
export function readChunkUri(uri: string, bucket: string, prefix: string): JoinedStream | undefined {
  return (['audio', 'composited-video'] as const).find((stream) => uri === chunkUri(bucket, prefix, stream));
}
