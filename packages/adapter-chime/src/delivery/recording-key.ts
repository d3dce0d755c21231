/** The prefix of keys where the destination of a recording names only a bucket. */
export const defaultRecordingPrefix = 'Amazon-Chime-SMA-Call-Recordings';

/** What the key of a call recording says of it. */
export interface RecordingKey {
  /** Without a slash at its end. May hold `_` and `/`. */
  readonly prefix: string;
  /** RFC 3339, UTC: the start of the call. Whether it equals StartTimeInMilliseconds is not documented. */
  readonly startedAt: string;
  readonly transactionId: string;
  readonly callId: string;
}

/**
 * The key under which the service stores the recording of a leg:
 * `<prefix>/YYYY/MM/DD/YYYY-MM-DD-HH-mm-ss-SSS_<transactionId>_<callId>.wav`.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/start-call-recording.html}
 */
export function recordingKey({ prefix, startedAt, transactionId, callId }: RecordingKey): string {
  const [date = '', time = ''] = new Date(startedAt).toISOString().slice(0, -1).split('T');
  const stamp = `${date}-${time.replaceAll(/[:.]/g, '-')}`;
  return `${prefix}/${date.replaceAll('-', '/')}/${stamp}_${transactionId}_${callId}.wav`;
}

/**
 * Reads a key from its end, for the prefix may look like anything: the file's name, the day's three folders, the rest.
 * Undefined for the key of anything else, a message of RecordAudio for example.
 */
export function parseRecordingKey(key: string): RecordingKey | undefined {
  const path = /^(?<prefix>.+)\/\d{4}\/\d{2}\/\d{2}\/(?<name>[^/]+)\.wav$/su.exec(key)?.groups;
  const { prefix = '', name = '' } = path ?? {};
  const last = name.lastIndexOf('_');
  const middle = name.lastIndexOf('_', last - 1);
  if (middle < 0) return undefined;
  const startedAt = timeOf(name.slice(0, middle));
  const transactionId = name.slice(middle + 1, last);
  const callId = name.slice(last + 1);
  if (startedAt === undefined || transactionId === '' || callId === '') return undefined;
  return { prefix, startedAt, transactionId, callId };
}

/** `YYYY-MM-DD-HH-mm-ss-SSS`, if there is such a time. */
function timeOf(stamp: string): string | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{3})$/.exec(stamp);
  if (!parts) return undefined;
  const [, date, hours, minutes, seconds, milliseconds] = parts;
  const text = `${date}T${hours}:${minutes}:${seconds}.${milliseconds}Z`;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text ? text : undefined;
}
