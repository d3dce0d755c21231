import { describe, expect, test } from 'vitest';
import { CORRELATION, connector, PIPELINE, parse, seenOf } from './testing/parse-message.ts';

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

  test.each([
    ['outside the prefix', 'payroll/ec97a8ff_2024-08-07-03-07-17-123.wav'],
    ['under a prefix that only begins alike', 'calls-of-others/a.wav'],
    ['that leads elsewhere', 'calls/../payroll/a.wav'],
  ])('a file %s is not believed to be a recording', async (_, other) => {
    const parsed = await parse(record({ s3MediaObjectConsoleUrl: console + encodeURIComponent(other) }));
    expect(parsed).toMatchObject({ reports: [], adopt: [], unhandled: 1 });
  });

  test('the address of the console is read by its prefix alone, and never visited', async () => {
    const elsewhere = `https://attacker.example/?prefix=${encodeURIComponent(key)}`;
    expect(seenOf(await parse(record({ s3MediaObjectConsoleUrl: elsewhere })))?.media?.[0]?.uri).toBe(uri);
  });
});
