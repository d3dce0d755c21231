import type { ObjectCreated } from './object-created.ts';

export interface JsonRecord {
  readonly [member: string]: unknown;
}

/** The object that one element tells of; undefined when it tells of something else or lacks bucket or key. */
export function objectCreatedIn(element: JsonRecord): ObjectCreated | undefined {
  if (element['source'] === 'aws.s3') return fromEventBridge(element);
  return element['eventSource'] === 'aws:s3' ? fromNotification(element) : undefined;
}

/** The bucket of an element in one of the two shapes, which envelopes have not. */
export function bucketOf(element: JsonRecord): string | undefined {
  return textIn(recordIn(recordIn(element, 's3') ?? recordIn(element, 'detail'), 'bucket'), 'name');
}

/** `ObjectCreated:Put`, `:Post`, `:Copy`, `:CompleteMultipartUpload`. The key is a form's value: `+` stands for a space. */
function fromNotification(element: JsonRecord): ObjectCreated | undefined {
  if (!/^(?:s3:)?ObjectCreated:/.test(textIn(element, 'eventName') ?? '')) return undefined;
  const object = recordIn(recordIn(element, 's3'), 'object');
  const bucket = bucketOf(element);
  const key = decoded(textIn(object, 'key'));
  if (bucket === undefined || key === undefined || object === undefined) return undefined;
  return {
    bucket,
    key,
    ...described(object, { etag: 'eTag', versionId: 'versionId' }),
    ...timed(textIn(element, 'eventTime')),
    ...named('region', textIn(element, 'awsRegion')),
  };
}

/** Keys are plain here, whatever they hold. */
function fromEventBridge(element: JsonRecord): ObjectCreated | undefined {
  if (element['detail-type'] !== 'Object Created') return undefined;
  const object = recordIn(recordIn(element, 'detail'), 'object');
  const bucket = bucketOf(element);
  const key = textIn(object, 'key');
  if (bucket === undefined || key === undefined || object === undefined) return undefined;
  return {
    bucket,
    key,
    ...described(object, { etag: 'etag', versionId: 'version-id' }),
    ...timed(textIn(element, 'time')),
    ...named('region', textIn(element, 'region')),
    ...named('accountId', textIn(element, 'account')),
  };
}

function described(object: JsonRecord, names: { readonly etag: string; readonly versionId: string }) {
  const { size } = object;
  const sequencer = textIn(object, 'sequencer');
  return {
    ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { bytes: size } : {}),
    ...named('etag', textIn(object, names.etag)?.replaceAll('"', '')),
    ...named('versionId', textIn(object, names.versionId)),
    ...named('sequencer', sequencer !== undefined && /^[0-9a-f]{1,64}$/i.test(sequencer) ? sequencer : undefined),
  };
}

function timed(time: string | undefined): { readonly at?: string } {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? {} : { at: new Date(ms).toISOString() };
}

function named<N extends string>(name: N, value: string | undefined): { readonly [K in N]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: string };
}

function decoded(key: string | undefined): string | undefined {
  try {
    return key === undefined ? undefined : decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function recordIn(value: JsonRecord | undefined, name: string): JsonRecord | undefined {
  const member = value?.[name];
  return typeof member === 'object' && member !== null && !Array.isArray(member) ? (member as JsonRecord) : undefined;
}

/** A member that is text with something in it. */
export function textIn(value: JsonRecord | undefined, name: string): string | undefined {
  const member = value?.[name];
  return typeof member === 'string' && member !== '' ? member : undefined;
}
