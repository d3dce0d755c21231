import { describe, expect, test } from 'vitest';
import { connector, event, parse, seenOf, streaming } from './testing/parse-message.ts';

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
