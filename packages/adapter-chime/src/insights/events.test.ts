import type { DriverContext, Parsed } from '@onrecord/core';
import { systemClock } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { referenceFiles, withoutReference } from '../testing/reference.ts';
import { type ChimeInsightsOptions, chimeInsights } from './index.ts';

const SECRET = 'a-secret-of-the-api-destination';
const CORRELATION = '0190b0a0-0000-7000-8000-000000000000.p1';
const PIPELINE = 'arn:aws:chime:us-east-1:111122223333:media-pipeline/ecf06ff9-d0af-449f-a520-550b8b4c341b';
const connector = { voiceConnectorId: 'abcdef1ghij2klmno3pqr4', transactionId: 'ec97a8ff', callId: '1112-2222-4333' };
const context = (): DriverContext => ({ signal: AbortSignal.timeout(10_000), clock: systemClock });

function driver(options: Partial<ChimeInsightsOptions> = {}) {
  return chimeInsights({
    region: 'us-east-1',
    accountId: '111122223333',
    bucket: 'recordings',
    prefix: 'calls',
    configuration: 'calls',
    events: { secret: SECRET },
    // Nobody is there: what an event says is kept all the same.
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    adopt: { voiceConnectors: 'any' },
    ...options,
  });
}

async function parse(message: unknown, options: Partial<ChimeInsightsOptions> = {}, secret = SECRET): Promise<Parsed> {
  const own = driver(options);
  const body = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  try {
    return await own.parse({ transport: 'http', headers: { 'x-onrecord-key': secret }, body }, context());
  } finally {
    await own.close();
  }
}

const event = (detailType: string, detail: object) => ({
  version: '0',
  id: '482cc26c-e10f-8471-a03a-417ce1b7cb91',
  'detail-type': detailType,
  source: 'aws.chime',
  account: '111122223333',
  time: '2024-08-07T03:07:17Z',
  region: 'us-east-1',
  resources: [],
  detail: { version: '0', ...detail },
});
const insights = (eventType: string, more: object = {}) =>
  event('Media Insights State Change', {
    mediaInsightsPipelineArn: PIPELINE,
    eventType,
    onrecord: CORRELATION,
    ...more,
  });
const streaming = (streamingStatus: string, more: object = {}) =>
  event('Chime VoiceConnector Streaming Status', { streamingStatus, direction: 'Inbound', ...connector, ...more });
const seenOf = ({ reports }: Parsed) => reports[0]?.seen;

describe('Media Insights State Change', () => {
  test.each([
    ['chime:MediaInsightsCreated', {}],
    ['chime:MediaInsightsInProgress', { capturing: true }],
    ['chime:MediaInsightsPaused', { facts: { pausedAt: '2024-08-07T03:07:17.000Z' } }],
    ['chime:MediaInsightsTemporaryFailure', {}],
    ['chime:MediaInsightsStopped', { capturing: false, ended: true }],
    ['chime:MediaInsightsPermanentFailure', { capturing: false, ended: true }],
  ])('%s of a recording alone, with its correlation', async (eventType, seen) => {
    const { reports, adopt, unhandled } = await parse(insights(eventType));
    expect(unhandled).toBe(0);
    expect(adopt).toBeUndefined();
    expect(reports).toMatchObject([{ subject: { correlation: CORRELATION }, clock: { domain: 'provider:chime' } }]);
    expect(reports[0]?.seen).toMatchObject(seen);
    expect(reports[0]?.seen.handle).toMatchObject({ pipelineArn: PIPELINE });
    expect(reports[0]?.seen.endReason).toBeUndefined();
    if (!('capturing' in seen)) expect(reports[0]?.seen.capturing).toBeUndefined();
  });

  test('chime:MediaInsightsPermanentFailure although the recording succeeded: its sink decides', async () => {
    const elements = [
      { type: 'AmazonTranscribeProcessor', status: 'Failed', updatedOn: 1 },
      { type: 'S3RecordingSink', status: 'Stopped', updatedOn: 1 },
    ];
    const told = {
      mediaInsightsPipelineElementStatuses: elements,
      failureReason: 'Access denied when assuming resource access role',
    };
    expect(seenOf(await parse(insights('chime:MediaInsightsPermanentFailure', told)))).toMatchObject({
      ended: true,
      facts: { S3RecordingSink: 'Stopped' },
    });
  });

  test('chime:MediaInsightsPermanentFailure of the recording itself, with the reason', async () => {
    const mediaInsightsPipelineElementStatuses = [{ type: 'S3RecordingSink', status: 'Failed', updatedOn: 1 }];
    const failed = (failureReason: string) =>
      parse(insights('chime:MediaInsightsPermanentFailure', { mediaInsightsPipelineElementStatuses, failureReason }));
    expect(seenOf(await failed('Access denied when assuming resource access role'))?.endReason).toBe(
      'permission-denied',
    );
    expect(seenOf(await failed('No fragments'))?.endReason).toBe('storage-error');
  });

  test('chime:MediaInsightsInProgress with elements is the writing after the call when transcription has stopped', async () => {
    const mediaInsightsPipelineElementStatuses = [
      { type: 'AmazonTranscribeProcessor', status: 'Stopped', updatedOn: 1 },
      { type: 'S3RecordingSink', status: 'InProgress', updatedOn: 1 },
    ];
    expect(
      seenOf(await parse(insights('chime:MediaInsightsInProgress', { mediaInsightsPipelineElementStatuses }))),
    ).toMatchObject({
      capturing: false,
      ended: true,
    });
  });

  test('chime:MediaInsightsCreateFailed of a connector call is adopted as a recording that failed', async () => {
    const failed = {
      onrecord: undefined,
      mediaInsightsPipelineArn: undefined,
      ...connector,
      failureOrigin: 'Voice Connector',
    };
    const denied = await parse(
      insights('chime:MediaInsightsCreateFailed', { ...failed, httpStatusCode: '403', failureReason: 'no' }),
    );
    expect(denied.adopt).toHaveLength(1);
    expect(seenOf(denied)).toMatchObject({
      ended: true,
      endReason: 'permission-denied',
      facts: { failureReason: 'no' },
    });
    const other = await parse(insights('chime:MediaInsightsCreateFailed', { ...failed, httpStatusCode: '400' }));
    expect(seenOf(other)?.endReason).toBe('provider-error');
  });

  test('events without correlation and call are those of a pipeline that is known by its id', async () => {
    const { reports } = await parse(insights('chime:MediaInsightsInProgress', { onrecord: undefined }));
    expect(reports[0]?.subject).toEqual({ providerKey: 'chime-insights/ecf06ff9-d0af-449f-a520-550b8b4c341b' });
  });

  test('the same event twice is the same report; one without id is known by what it says', async () => {
    const [one, two] = [
      await parse(insights('chime:MediaInsightsStopped')),
      await parse(insights('chime:MediaInsightsStopped')),
    ];
    expect(one.reports[0]?.reportId).toBe(two.reports[0]?.reportId);
    const { id: _, ...bare } = insights('chime:MediaInsightsStopped');
    expect((await parse(bare)).reports[0]?.reportId).toContain('chime:MediaInsightsStopped');
  });

  test('types that nobody documents are counted, never fatal', async () => {
    expect(await parse(insights('chime:MediaInsightsSlept'))).toMatchObject({ reports: [], unhandled: 1 });
    expect(await parse(event('Media Insights State Change', {}))).toMatchObject({ reports: [], unhandled: 1 });
    expect(await parse(event('Something Else', {}))).toMatchObject({ reports: [], unhandled: 1 });
  });
});

describe('Chime VoiceConnector Streaming Status', () => {
  const streamArn = 'arn:aws:kinesisvideo:us-east-1:111122223333:stream/ChimeVoiceConnector-a/1';

  test.each([[true], ['True'], [false], ['False']])(
    'Chime VoiceConnector Streaming Status STARTED of a side (isCaller %j) adopts, and proves no capture',
    async (isCaller) => {
      const parsed = await parse(streaming('STARTED', { isCaller, streamArn, startTime: '2024-08-07T03:07:16.123Z' }));
      const name = String(isCaller).toLowerCase() === 'true' ? 'callerStream' : 'calleeStream';
      expect(parsed.adopt).toMatchObject([
        {
          providerKey: `chime-voice-connector/${connector.voiceConnectorId}/ec97a8ff`,
          startedAt: '2024-08-07T03:07:16.123Z',
        },
      ]);
      expect(seenOf(parsed)).toEqual({
        facts: { [name]: streamArn },
        expects: [
          expect.objectContaining({
            prefix: `s3://recordings/calls/${connector.voiceConnectorId}/ec97a8ff_`,
            except: '_enhanced',
          }),
        ],
      });
    },
  );

  test('Chime VoiceConnector Streaming Status ENDED is the end of the call, once for each side', async () => {
    const one = await parse(streaming('ENDED', { isCaller: true, streamArn, endTime: '2024-08-07T03:08:00.500Z' }));
    const two = await parse(streaming('ENDED', { isCaller: false, streamArn: `${streamArn}2` }));
    expect(seenOf(one)).toMatchObject({ capturing: false, ended: true, endReason: 'call-ended' });
    expect(one.reports[0]?.clock.at).toBe('2024-08-07T03:08:00.500Z');
    expect(one.reports[0]?.reportId).not.toBe(two.reports[0]?.reportId);
  });

  test('Chime VoiceConnector Streaming Status FAILED says why, and that what follows is not recorded', async () => {
    const parsed = await parse(
      streaming('FAILED', { failTime: '2024-08-07T03:08:00Z', failureReason: 'Internal failure' }),
    );
    expect(seenOf(parsed)).toMatchObject({
      ended: true,
      endReason: 'provider-error',
      facts: { failureReason: 'Internal failure' },
    });
  });

  test('Chime VoiceConnector Streaming Status UPDATED changes nothing', async () => {
    const parsed = await parse(streaming('UPDATED', { updateHeaders: {} }));
    expect(parsed.unhandled).toBe(0);
    expect(seenOf(parsed)).not.toHaveProperty('ended');
  });

  test('Chime VoiceConnector Streaming Status ALL_STARTED of a connector that is not adopted is a call with both streams', async () => {
    const streams = [{ streamArn }, { streamArn: `${streamArn}2` }];
    const { calls, reports } = await parse(streaming('ALL_STARTED', { streams, fromNumber: '+1', toNumber: '+2' }), {
      adopt: undefined,
    });
    expect(reports).toEqual([]);
    expect(calls).toMatchObject([
      {
        type: 'call.connected',
        direction: 'inbound',
        from: '+1',
        to: '+2',
        call: { kind: 'chime.kvs-streams', data: { streams: [streamArn, `${streamArn}2`] } },
      },
    ]);
  });

  test('both ENDED of a connector that is not adopted are one notice', async () => {
    const end = async (isCaller: boolean) =>
      (await parse(streaming('ENDED', { isCaller }), { adopt: undefined })).calls;
    expect(await end(true)).toMatchObject([{ type: 'call.ended' }]);
    expect((await end(false))[0]?.noticeId).toBe((await end(true))[0]?.noticeId);
  });

  test('an unknown status, and one without its call, are counted', async () => {
    expect((await parse(streaming('SLEPT'))).unhandled).toBe(1);
    expect(
      (await parse(event('Chime VoiceConnector Streaming Status', { streamingStatus: 'STARTED' }))).unhandled,
    ).toBe(1);
  });
});

describe('Media Insights Rules Matched', () => {
  test('Media Insights Rules Matched is passed through as it came', async () => {
    const told: unknown[] = [];
    const matched = event('Media Insights Rules Matched', { sessionId: 's', ruleName: 'angry' });
    expect(await parse(matched, { onRulesMatched: (one) => void told.push(one) })).toMatchObject({
      reports: [],
      unhandled: 0,
    });
    expect(told).toEqual([matched]);
    expect((await parse(matched)).unhandled).toBe(0);
  });

  test('what the program throws lets it be delivered again', async () => {
    const onRulesMatched = () => {
      throw new Error('busy');
    };
    await expect(parse(event('Media Insights Rules Matched', {}), { onRulesMatched })).rejects.toThrow('busy');
  });
});

describe('Kinesis records', () => {
  const console = 'https://us-east-1.console.aws.amazon.com/s3/object/recordings?region=us-east-1&prefix=';
  const key = 'calls/abcdef1ghij2klmno3pqr4/ec97a8ff_2024-08-07-03-07-17-123.wav';
  const record = (more: object = {}, metadata: object = connector) => ({
    time: '2024-08-07T03:10:50.655Z',
    'service-type': 'CallAnalytics',
    'detail-type': 'Recording',
    mediaInsightsPipelineId: 'ecf06ff9-d0af-449f-a520-550b8b4c341b',
    s3MediaObjectConsoleUrl: console + encodeURIComponent(key),
    recordingDurationSeconds: 12.5,
    metadata: JSON.stringify({
      ...metadata,
      startTime: '2024-08-07T03:07:17.123Z',
      endTime: '2024-08-07T03:07:29.623Z',
      oneTimeMetadata: JSON.stringify({ sipHeaders: JSON.stringify({ from: 'x' }) }),
    }),
    ...more,
  });
  const batch = (...list: readonly unknown[]) => ({
    Records: list.map((one) => ({
      eventSource: 'aws:kinesis',
      kinesis: { data: Buffer.from(typeof one === 'string' ? one : JSON.stringify(one)).toString('base64') },
    })),
  });
  const uri = `s3://recordings/${key}`;

  test.each([
    ['by itself', record()],
    ['as a list', [record()]],
    ['in base64, as a Lambda function gets it', batch(record())],
  ])('a Kinesis Recording record %s is a file, its end and an adoption', async (_, message) => {
    const parsed = await parse(message);
    expect(parsed.adopt).toMatchObject([{ startedAt: '2024-08-07T03:07:17.123Z' }]);
    expect(seenOf(parsed)).toMatchObject({
      ended: true,
      endReason: 'call-ended',
      providerKeys: ['chime-insights/ecf06ff9-d0af-449f-a520-550b8b4c341b'],
      media: [{ key: uri, uri, role: 'master', container: 'wav', durationMs: 12_500, channels: 2 }],
    });
  });

  test('a Recording of ours names its part', async () => {
    const parsed = await parse(record({}, { onrecord: CORRELATION }));
    expect(parsed.reports[0]?.subject).toEqual({ correlation: CORRELATION });
    expect(parsed.adopt).toEqual([]);
  });

  test('a Recording of eight hours reached the limit of its pipeline', async () => {
    const metadata = JSON.stringify({
      ...connector,
      startTime: '2024-08-07T00:00:00Z',
      endTime: '2024-08-07T08:00:00Z',
    });
    expect(seenOf(await parse(record({ metadata })))?.endReason).toBe('limit-reached');
  });

  test('an enhanced copy is derived, and ends nothing', async () => {
    const enhanced = console + encodeURIComponent(key.replace('.wav', '_enhanced.wav'));
    const parsed = await parse(record({ 'detail-subtype': 'VoiceEnhancement', s3MediaObjectConsoleUrl: enhanced }));
    expect(seenOf(parsed)).toMatchObject({ media: [{ role: 'derived', uri: uri.replace('.wav', '_enhanced.wav') }] });
    expect(seenOf(parsed)).not.toHaveProperty('ended');
  });

  test('CallAnalyticsMetadata adopts, and names the pipeline', async () => {
    const parsed = await parse(record({ 'detail-type': 'CallAnalyticsMetadata', s3MediaObjectConsoleUrl: undefined }));
    expect(parsed.adopt).toHaveLength(1);
    expect(seenOf(parsed)).toMatchObject({ handle: { pipelineArn: PIPELINE } });
    expect(seenOf(parsed)).not.toHaveProperty('ended');
  });

  test('one that makes no sense keeps none of the others: no JSON, no address, another bucket, another service', async () => {
    const odd = [
      'no json',
      record({ s3MediaObjectConsoleUrl: 'string' }),
      record({ s3MediaObjectConsoleUrl: `${console.replace('/recordings', '/another')}${encodeURIComponent(key)}` }),
      record({ metadata: '{"broken', mediaInsightsPipelineId: undefined }),
      { 'service-type': 'Another' },
      record({ 'detail-type': 'Unheard' }),
    ];
    const parsed = await parse(batch(...odd, record()));
    expect(parsed.reports).toHaveLength(1);
    expect(parsed.unhandled).toBe(odd.length);
  });

  test('insights and updates of metadata are known, and no business of a recording', async () => {
    const known = [
      record({ 'callevent-type': 'Update' }),
      record({ 'detail-type': 'Transcribe' }),
      record({ 'detail-type': 'TranscribeCallAnalytics' }),
      record({ 'detail-type': 'TranscribeCallAnalyticsCategoryEvent' }),
    ];
    expect(await parse(batch(...known))).toMatchObject({ reports: [], unhandled: 0 });
  });

  test('the address of the console is read by its prefix alone, and never visited', async () => {
    const elsewhere = `https://attacker.example/?prefix=${encodeURIComponent(key)}`;
    expect(seenOf(await parse(record({ s3MediaObjectConsoleUrl: elsewhere })))?.media?.[0]?.uri).toBe(uri);
  });
});

describe('the bucket', () => {
  const created = (key: string, size = 9) =>
    ({
      ...event('Object Created', { bucket: { name: 'recordings' }, object: { key, size, etag: 'e', sequencer: '1' } }),
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
