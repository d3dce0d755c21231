import { OnRecordError } from '@onrecord/core';
import type { ObjectCreated } from './object-created.ts';
import { bucketOf, type JsonRecord, objectCreatedIn, textIn } from './object-created-shapes.ts';

/** What a message of a bucket held. */
export interface BucketMessage {
  readonly created: readonly ObjectCreated[];
  /** Buckets whose `s3:TestEvent` says that notifications were set up. Nothing was stored. */
  readonly tested: readonly string[];
  /**
   * Elements of another kind: deletions, other services, a confirmation that SNS asks for, an event without bucket or key.
   */
  readonly unhandled: number;
}

/** Most that a Lambda function is handed at once; SQS and SNS carry less. */
const maxBytes = 6 * 1024 * 1024;
/** S3 in SNS in SQS in an invocation, and one to spare. */
const maxWraps = 5;

/**
 * The objects that a message says were created. Reads an S3 notification and an EventBridge `Object Created` event, each
 * plain or wrapped by SQS (an invocation's `Records[].body`, or one message), SNS or EventBridge Pipes (a list, or an
 * event). A
 * SubscriptionConfirmation is counted and its URL never visited.
 *
 * It authenticates nobody: check who sent the message first.
 *
 * @throws OnRecordError `invalid-request` for a body that is no JSON, is too long, or is neither object nor list.
 * @example
 * ```ts
 * for (const { bucket, key } of parseObjectCreated(request.body)) …
 * ```
 */
export function parseObjectCreated(body: Uint8Array | string): readonly ObjectCreated[] {
  return readBucketMessage(body).created;
}

/** Like {@link parseObjectCreated}, and tells of what else was in the message. */
export function readBucketMessage(body: Uint8Array | string): BucketMessage {
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  if (bytes > maxBytes) throw malformed(`it has ${bytes} bytes of at most ${maxBytes}`);
  const value = parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
  if (typeof value !== 'object' || value === null) throw malformed('it is not JSON of an object or a list');
  const found: { created: ObjectCreated[]; tested: string[]; unhandled: number } = {
    created: [],
    tested: [],
    unhandled: 0,
  };
  read(value, 0, found);
  return found;
}

interface Found {
  readonly created: ObjectCreated[];
  readonly tested: string[];
  unhandled: number;
}

function read(value: unknown, wraps: number, found: Found): void {
  if (wraps > maxWraps) {
    found.unhandled += 1;
    return;
  }
  const list = Array.isArray(value) ? value : isRecord(value) ? value['Records'] : undefined;
  if (Array.isArray(list)) {
    for (const element of list) read(element, wraps + 1, found);
    return;
  }
  if (!isRecord(value)) {
    found.unhandled += 1;
    return;
  }
  const inner = wrappedIn(value);
  if (inner !== undefined) {
    read(typeof inner === 'string' ? parse(inner) : inner, wraps + 1, found);
    return;
  }
  if (value['Event'] === 's3:TestEvent') {
    const bucket = textIn(value, 'Bucket');
    if (bucket === undefined) found.unhandled += 1;
    else found.tested.push(bucket);
    return;
  }
  const created = objectCreatedIn(value);
  if (created) found.created.push(created);
  else found.unhandled += 1;
}

/**
 * What an envelope carries: `body` of an SQS record in an invocation, `Body` of a received message, `Sns` of an SNS record
 * in one, `Message` of an SNS notification, `detail.body` of an event that a pipe made of a message. A SubscriptionConfirmation has a `Message` for people, which is no JSON.
 */
function wrappedIn(value: JsonRecord): unknown {
  if (bucketOf(value) !== undefined) return undefined;
  if (isRecord(value['Sns'])) return value['Sns'];
  const { detail } = value;
  if (isRecord(detail) && typeof detail['body'] === 'string') return detail['body'];
  for (const member of ['body', 'Body', 'Message']) {
    const carried = value[member];
    if (typeof carried === 'string') return carried;
  }
  return undefined;
}

/** Undefined for what is no JSON: inside an envelope that is one element that nobody here understands. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(why: string): OnRecordError {
  return new OnRecordError('invalid-request', `This is not a message of a bucket: ${why}.`, {
    blame: 'provider',
    remedy: 'Let S3, SNS, SQS or EventBridge forward its messages unchanged, without an input transformer.',
  });
}
