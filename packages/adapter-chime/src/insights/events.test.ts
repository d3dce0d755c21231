import { describe, expect, test } from 'vitest';
import { referenceFiles, withoutReference } from '../testing/reference.ts';
import { CORRELATION, event, insights, parse, SECRET, seenOf } from './testing/parse-message.ts';

describe('the bucket', () => {
  const created = (key: string, size = 9, sequencer = '1') =>
    ({
      ...event('Object Created', { bucket: { name: 'recordings' }, object: { key, size, etag: 'e', sequencer } }),
      source: 'aws.s3',
    }) as const;

  test('an object of ours, of a connector, enhanced or not', async () => {
    const [sessionId] = CORRELATION.split('.');
    const own = await parse(created(`calls/${sessionId}/p1/recording.wav`));
    expect(own.reports).toMatchObject([
      { subject: { correlation: CORRELATION }, seen: { ended: true, media: [{ role: 'master', bytes: 9 }] } },
    ]);
    const other = await parse(created('calls/vc1/tx1_2024-08-07-03-07-17-123_enhanced.ogg'));
    expect(other.reports).toMatchObject([{ seen: { media: [{ role: 'derived', container: 'ogg' }] } }]);
    expect(other.adopt).toMatchObject([{ startedAt: '2024-08-07T03:07:17.123Z' }]);
    expect(seenOf(other)).not.toHaveProperty('ended');
  });

  test('of a file that is written again the last write stands, in whichever order it is told of', async () => {
    const key = 'calls/vc1/tx1_2024-08-07-03-07-17-123.wav';
    const sightings = ['55A', '0055B', '55AB'].map(async (sequencer) =>
      seenOf(await parse(created(key, 9, sequencer)))?.media?.map(({ version }) => version),
    );
    const [first = [], ancient = [], last = []] = await Promise.all(sightings);
    expect(first[0]).toEqual(expect.any(String));
    expect(String(last[0]) > String(first[0])).toBe(true);
    expect(String(first[0]) > String(ancient[0])).toBe(true);
  });

  test('an empty object is no file; others are counted', async () => {
    expect(seenOf(await parse(created('calls/vc1/tx1_2024-08-07-03-07-17-123.wav', 0)))).not.toHaveProperty('media');
    for (const key of ['calls/a.txt', 'other/vc1/tx1_2024-08-07-03-07-17-123.wav', 'calls/a.wav']) {
      expect((await parse(created(key))).unhandled).toBe(1);
    }
  });
});

describe('batches', () => {
  const stopped = insights('chime:MediaInsightsStopped');

  test.each([
    ['a list, as EventBridge Pipes hands it', [stopped, { odd: true }]],
    ['a queue', { Records: [{ body: JSON.stringify(stopped) }, { body: 'no json' }] }],
    [
      'a topic in a queue',
      {
        Records: [{ body: JSON.stringify({ Type: 'Notification', Message: JSON.stringify(stopped) }) }, { body: '{}' }],
      },
    ],
    ['a topic', { Records: [{ Sns: { Message: JSON.stringify(stopped) } }, { Sns: { Message: '7' } }] }],
  ])('%s: what makes no sense keeps none of the others', async (_, message) => {
    const { reports, unhandled } = await parse(message);
    expect(reports).toMatchObject([{ subject: { correlation: CORRELATION }, seen: { ended: true } }]);
    expect(unhandled).toBe(1);
  });

  test('what goes wrong with the program lets the whole batch be delivered again', async () => {
    const onRulesMatched = () => {
      throw new Error('busy');
    };
    await expect(parse([stopped, event('Media Insights Rules Matched', {})], { onRulesMatched })).rejects.toThrow(
      'busy',
    );
  });

  test('a bucket notification in a queue', async () => {
    const key = 'calls/vc1/tx1_2024-08-07-03-07-17-123.wav';
    const s3 = { bucket: { name: 'recordings' }, object: { key, size: 9, eTag: 'e', sequencer: '1' } };
    const notification = {
      Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventVersion: '2.1', s3 }],
    };
    for (const message of [notification, { Records: [{ body: JSON.stringify(notification) }] }]) {
      expect((await parse(message)).reports).toMatchObject([{ seen: { media: [{ uri: `s3://recordings/${key}` }] } }]);
    }
  });
});

describe('authenticity and form', () => {
  test.each([[''], ['another-secret-of-length'], [`${SECRET}x`]])(
    'a message with the secret %j is refused',
    async (secret) => {
      await expect(parse(insights('chime:MediaInsightsStopped'), {}, secret)).rejects.toMatchObject({
        code: 'signature-invalid',
      });
    },
  );

  test.each([['no json'], ['{}'], ['null'], ['7'], ['"text"'], ['{"Records":7}']])('%s is malformed', async (body) => {
    await expect(parse(body)).rejects.toMatchObject({ code: 'invalid-request' });
  });
});

describe.skipIf(withoutReference !== undefined)('every documented event is read', () => {
  const files = [...referenceFiles('events/eventbridge'), ...referenceFiles('events/kinesis')].filter(([name]) =>
    /^(media-insights|voice-connector-streaming|recording-record)/.test(name),
  );
  const own = '"arn:aws:chime:us-east-1:111122223333:media-insights-pipeline-configuration/calls"';
  test.each(files)('%s', async (name, message) => {
    const text = JSON.stringify(message).replace(/(?<="mediaInsightsPipelineConfigurationArn":)"string"/, own);
    const parsed = await parse(text);
    // The record of the documentation has no address of a file, only the word string.
    if (name.startsWith('recording-record')) return expect(parsed.unhandled).toBe(1);
    // Some print the word string where an ARN is, and no call: those are about nobody.
    const told = JSON.stringify(message).includes('voiceConnectorId');
    expect(parsed.unhandled).toBe(told ? 0 : 1);
    if (told) expect(parsed.adopt).toHaveLength(1);
  });
});
