/** An object that S3 says is there now, whichever way it said so. */
export interface ObjectCreated {
  readonly bucket: string;
  /** Plain, never URL-encoded. */
  readonly key: string;
  readonly bytes?: number | undefined;
  /** Without quotes. */
  readonly etag?: string | undefined;
  readonly versionId?: string | undefined;
  /** Hexadecimal; orders the messages about one key: see {@link isLater}. */
  readonly sequencer?: string | undefined;
  /** RFC 3339. In milliseconds from a notification, in seconds from EventBridge. */
  readonly at?: string | undefined;
  readonly region?: string | undefined;
  /** Who owns the bucket; EventBridge alone says so. */
  readonly accountId?: string | undefined;
}

/**
 * Whether the first of two messages about the *same key* tells of a later write. Sequencers differ in length: the shorter
 * one is padded with zeros at its right end. Without one on both sides nothing is later.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html}
 */
export function isLater(one: ObjectCreated, other: ObjectCreated): boolean {
  if (one.sequencer === undefined || other.sequencer === undefined) return false;
  return comparable(one.sequencer) > comparable(other.sequencer);
}

/** A sequencer as text that is the greater the later; those of S3 have less than twenty digits. */
export function comparable(sequencer: string): string {
  return sequencer.toUpperCase().padEnd(64, '0');
}

/** One message for each key: that of its last write. Messages arrive more than once, and in any order. */
export function lastWrites(created: readonly ObjectCreated[]): readonly ObjectCreated[] {
  const last = new Map<string, ObjectCreated>();
  for (const object of created) {
    const place = `${object.bucket}/${object.key}`;
    const known = last.get(place);
    if (!known || isLater(object, known)) last.set(place, object);
  }
  return [...last.values()];
}
