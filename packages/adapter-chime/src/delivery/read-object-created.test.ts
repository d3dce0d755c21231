import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { referenceFiles, withoutReference } from '../testing/reference.ts';
import { isLater, lastWrites, type ObjectCreated } from './object-created.ts';
import { parseObjectCreated, readBucketMessage } from './read-object-created.ts';

const key = 'calls/a b+c/ü#content.wav';
const encodedKey = 'calls/a+b%2Bc/%C3%BC%23content.wav';
const expected = { bucket: 'recordings', key, bytes: 5, etag: 'abc', sequencer: '0A1B' };

const notification = (more: object = {}, object: object = {}) => ({
  Records: [
    {
      eventVersion: '2.5',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: '2026-03-01T10:00:00.123Z',
      eventName: 'ObjectCreated:Put',
      s3: {
        bucket: { name: 'recordings' },
        object: { key: encodedKey, size: 5, eTag: 'abc', sequencer: '0A1B', ...object },
      },
      ...more,
    },
  ],
});
const bridged = (more: object = {}) => ({
  version: '0',
  id: '1',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  time: '2026-03-01T10:00:00Z',
  region: 'us-east-1',
  detail: { bucket: { name: 'recordings' }, object: { key, size: 5, etag: 'abc', sequencer: '0A1B' } },
  ...more,
});
const inSns = (message: unknown) => ({ Type: 'Notification', TopicArn: 't', Message: JSON.stringify(message) });
const inSqs = (...messages: unknown[]) => ({
  Records: messages.map((message) => ({ messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify(message) })),
});
const inSnsRecord = (message: unknown) => ({ Records: [{ EventSource: 'aws:sns', Sns: inSns(message) }] });
const read = (value: unknown) => readBucketMessage(JSON.stringify(value));

describe('an object that S3 tells of', () => {
  const shapes = { 'an S3 notification ObjectCreated:Put': notification(), 'EventBridge Object Created': bridged() };
  const wraps: Record<string, (message: unknown) => unknown> = {
    plain: (message) => message,
    'in an invocation by SQS': (message) => inSqs(message),
    'in a message of SQS': (message) => ({ MessageId: 'm', Body: JSON.stringify(message) }),
    'in a notification of SNS': inSns,
    'in an invocation by SNS': inSnsRecord,
    'in SNS in SQS': (message) => inSqs(inSns(message)),
    'in an event that EventBridge Pipes made of a message': (message) => ({
      source: 'Pipe recordings',
      'detail-type': 'Event from aws:sqs',
      detail: { messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify(message) },
    }),
    'in a list of EventBridge Pipes': (message) => [{ messageId: 'm', body: JSON.stringify(message) }],
  };
  for (const [shape, message] of Object.entries(shapes)) {
    test.each(Object.keys(wraps))(`by ${shape}, %s, is read with its plain key`, (name) => {
      const found = read(wraps[name]?.(message));
      expect(found).toMatchObject({ created: [expected], tested: [], unhandled: 0 });
      expect(parseObjectCreated(Buffer.from(JSON.stringify(wraps[name]?.(message))))).toEqual(found.created);
    });
  }

  test('keeps any key that S3 admits, encoded and plain', () => {
    const anyKey = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((text) => text.isWellFormed());
    const encode = (text: string) => encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%2F', '/');
    fc.assert(
      fc.property(anyKey, (plain) => {
        expect(read(notification({}, { key: encode(plain) })).created[0]?.key).toBe(plain);
        const event = bridged({ detail: { bucket: { name: 'b' }, object: { key: plain } } });
        expect(read(inSqs(event)).created[0]?.key).toBe(plain);
      }),
    );
  });

  test.skipIf(withoutReference)('stands in the documented shapes', () => {
    const found = referenceFiles('events/s3').map(([, value]) => read(value));
    expect(found.map(({ created }) => created[0])).toEqual([
      {
        bucket: 'amzn-s3-demo-bucket1',
        key: 'example-key',
        bytes: 5,
        etag: 'b1946ac92492d2347c6235b4d2611184',
        versionId: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
        sequencer: '617f08299329d189',
        at: '2021-11-12T00:00:00.000Z',
        region: 'ca-central-1',
        accountId: '111122223333',
      },
      expect.objectContaining({ bucket: 'example-bucket', key: 'test/key', bytes: 1024 }),
    ]);
  });
});

describe('a message that tells of no object', () => {
  test('s3:TestEvent says that notifications are set up', () => {
    const hello = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-03-01T10:00:00Z', Bucket: 'recordings' };
    for (const message of [hello, inSqs(hello), inSqs(inSns(hello))]) {
      expect(read(message)).toEqual({ created: [], tested: ['recordings'], unhandled: 0 });
    }
  });

  const others: Record<string, unknown> = {
    'SubscriptionConfirmation of SNS': {
      Type: 'SubscriptionConfirmation',
      Message: 'You have chosen to subscribe to the topic.',
      SubscribeURL: 'http://169.254.169.254/latest/meta-data',
    },
    'a deletion': notification({ eventName: 'ObjectRemoved:Delete' }),
    'Object Deleted of EventBridge': bridged({ 'detail-type': 'Object Deleted' }),
    'an event of another service': bridged({ source: 'aws.chime' }),
    'a record of a stream': { Records: [{ eventSource: 'aws:kinesis', kinesis: { data: '' } }] },
    'a key that is wrongly encoded': notification({}, { key: '%E0%A4%A' }),
    'an event without a key': notification({}, { key: '' }),
    'an event whose detail is text': bridged({ detail: 'bucket' }),
    'an element that is no object': { Records: [7] },
    'a message that is no JSON': { Records: [{ eventSource: 'aws:sqs', body: '{' }] },
  };
  test.each(Object.keys(others))('%s is counted and left alone', (name) => {
    expect(read(others[name])).toEqual({ created: [], tested: [], unhandled: 1 });
  });

  test('is no reason to lose the others of its batch', () => {
    const found = read(inSqs(others['a deletion'], notification(), 'nonsense', bridged()));
    expect(found.created).toHaveLength(2);
    expect(found.unhandled).toBe(2);
  });

  test('wrapped more often than any service does is not followed', () => {
    let message: unknown = notification();
    for (let depth = 0; depth < 1_000; depth++) message = { Records: [message] };
    expect(read(message)).toEqual({ created: [], tested: [], unhandled: 1 });
  });

  test.each(['', '{', '"text"', '7', 'null'])('%j is refused as no message of a bucket', (body) => {
    expect(() => readBucketMessage(body)).toThrow(/not a message of a bucket/);
  });

  test('that is longer than any service hands over is refused unread', () => {
    expect(() => readBucketMessage(new Uint8Array(6 * 1024 * 1024 + 1))).toThrow(/at most 6291456/);
  });
});

describe('the order of writes', () => {
  const write = (sequencer: string | undefined, more: Partial<ObjectCreated> = {}): ObjectCreated => ({
    bucket: 'b',
    key: 'k',
    sequencer,
    ...more,
  });

  test('follows sequencers, the shorter one padded at its right end', () => {
    expect(isLater(write('0055AED6DCD90281E6'), write('0055AED6DCD90281E5'))).toBe(true);
    expect(isLater(write('0055aed6dcd90281e5'), write('0055AED6DCD90281E5'))).toBe(false);
    expect(isLater(write('00A1'), write('00A'))).toBe(true);
    expect(isLater(write('00A'), write('009FFF'))).toBe(true);
    expect(isLater(write(undefined), write('01'))).toBe(false);
  });

  test('leaves one message for each key, whatever came in which order and how often', () => {
    const written = [write('01', { bytes: 1 }), write('02', { bytes: 2 }), write('03', { bytes: 3 })];
    const other = write('FF', { key: 'other' });
    fc.assert(
      fc.property(fc.shuffledSubarray([...written, ...written, other], { minLength: 7, maxLength: 7 }), (messages) => {
        expect(lastWrites(messages)).toHaveLength(2);
        expect(lastWrites(messages).find(({ key }) => key === 'k')?.bytes).toBe(3);
      }),
    );
  });
});
