/** What the service writes into the metadata of a call recording. */
export interface RecordingMetadata {
  readonly transactionId?: string | undefined;
  readonly callId?: string | undefined;
  /** Of the recording, pauses included. The service tells seconds. */
  readonly durationMs?: number | undefined;
  /** As an internet media type. */
  readonly mediaType?: string | undefined;
}

/**
 * Reads `transaction-id`, `call-id`, `recording-duration` and `recording-audio-file-format` of an object, with or without
 * `x-amz-meta-` before them. What is missing or makes no sense is left out.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/start-call-recording.html}
 */
export function readRecordingMetadata(metadata: { readonly [name: string]: string }): RecordingMetadata {
  const known = new Map(
    Object.entries(metadata).map(([name, value]) => [name.toLowerCase().replace(/^x-amz-meta-/, ''), value.trim()]),
  );
  const text = (name: string) => known.get(name) || undefined;
  const seconds = text('recording-duration');
  const transactionId = text('transaction-id');
  const callId = text('call-id');
  const mediaType = text('recording-audio-file-format');
  return {
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(callId === undefined ? {} : { callId }),
    ...(seconds !== undefined && /^\d{1,9}(\.\d+)?$/.test(seconds)
      ? { durationMs: Math.round(Number(seconds) * 1_000) }
      : {}),
    ...(mediaType !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? { mediaType } : {}),
  };
}
