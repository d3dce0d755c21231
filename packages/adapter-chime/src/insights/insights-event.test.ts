import { describe, expect, test } from 'vitest';
import { CORRELATION, connector, event, insights, PIPELINE, parse, seenOf } from './testing/parse-message.ts';

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

  test.each([
    [
      'without elements, as it is printed: a role that nobody may assume writes nothing',
      undefined,
      'permission-denied',
    ],
    ['before its recording began, for such a role', 'NotStarted', 'permission-denied'],
  ])('chime:MediaInsightsPermanentFailure %s', async (_, status, endReason) => {
    const list = status === undefined ? [] : [{ type: 'S3RecordingSink', status, updatedOn: 1 }];
    const failureReason = 'Access denied when assuming resource access role';
    const told = { mediaInsightsPipelineElementStatuses: list, failureReason };
    const seen = seenOf(await parse(insights('chime:MediaInsightsPermanentFailure', told)));
    expect(seen).toMatchObject({ ended: true, endReason, facts: { failureReason } });
  });

  test('chime:MediaInsightsPermanentFailure of a connector call that says nothing of its recording is no hang-up', async () => {
    const told = { onrecord: undefined, voiceConnectorId: 'vc', transactionId: 't', failureReason: 'Internal' };
    const event = insights('chime:MediaInsightsPermanentFailure', told);
    const seen = seenOf(await parse(event, { adopt: { voiceConnectors: 'any' } }));
    expect(seen).toMatchObject({ ended: true, facts: { failureReason: 'Internal' } });
    expect(seen?.endReason).toBeUndefined();
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
    const bare = { ...insights('chime:MediaInsightsStopped'), id: undefined };
    expect((await parse(bare)).reports[0]?.reportId).toContain('chime:MediaInsightsStopped');
  });

  test('types that nobody documents are counted, never fatal', async () => {
    expect(await parse(insights('chime:MediaInsightsSlept'))).toMatchObject({ reports: [], unhandled: 1 });
    expect(await parse(event('Media Insights State Change', {}))).toMatchObject({ reports: [], unhandled: 1 });
    expect(await parse(event('Something Else', {}))).toMatchObject({ reports: [], unhandled: 1 });
  });
});

describe('Media Insights Rules Matched', () => {
  test('Media Insights Rules Matched is passed through as it came', async () => {
    const told: unknown[] = [];
    const matched = event('Media Insights Rules Matched', {
      sourceMetadata: {},
      ruleName: 'angry',
      utteranceId: 'u',
      beginTimestamp: '2024-08-07T03:07:10Z',
    });
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
