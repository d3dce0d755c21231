/** The prefix of keys where the destination names only a bucket. */
export const DEFAULT_PREFIX = 'Amazon-Chime-SMA-Call-Recordings';

export interface RecordingDestination {
  readonly bucket: string;
  readonly prefix: string;
}

/** Splits `bucket` or `bucket/prefix`; undefined for what is neither (an ARN, a URL, an empty text). */
export function parseLocation(location: unknown): RecordingDestination | undefined {
  if (typeof location !== 'string') return undefined;
  const slash = location.indexOf('/');
  const bucket = slash < 0 ? location : location.slice(0, slash);
  const prefix = slash < 0 ? '' : location.slice(slash + 1).replace(/^\/+|\/+$/g, '');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) return undefined;
  return { bucket, prefix: prefix === '' ? DEFAULT_PREFIX : prefix };
}

/** `<prefix>/YYYY/MM/DD/YYYY-MM-DD-HH-mm-ss-SSS_<transactionId>_<callId>.wav`, of a time in epoch ms. */
export function recordingKey(prefix: string, at: number, transactionId: string, callId: string): string {
  const [date = '', time = ''] = new Date(at).toISOString().slice(0, -1).split('T');
  const stamp = `${date}-${time.replaceAll(/[:.]/g, '-')}`;
  return `${prefix}/${date.replaceAll('-', '/')}/${stamp}_${transactionId}_${callId}.wav`;
}
