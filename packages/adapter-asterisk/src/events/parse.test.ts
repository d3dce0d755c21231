import { type InboundRequest, OnRecordError, systemClock } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { asterisk } from '../driver.ts';

const driver = asterisk({ url: 'http://127.0.0.1:8088/ari', username: 'u', password: 'p' });
const context = { clock: systemClock, signal: new AbortController().signal };
const correlation = '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1';

const frame = (body: unknown): InboundRequest => ({
  transport: 'socket',
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const parse = (body: unknown) => driver.parse(frame(body), context);

const channel = (id: string, more: object = {}) => ({
  id,
  name: 'PJSIP/alice-00000001',
  state: 'Up',
  caller: { name: '', number: '' },
  dialplan: { context: 'default', exten: 's', priority: 1 },
  ...more,
});
const at = { timestamp: '2026-11-20T16:06:12.383+0000', asterisk_id: '02:00:00:00:00:01', application: 'onrecord' };
const recording = (type: string, more: object = {}) => ({
  type,
  ...at,
  recording: {
    name: `onrecord/${correlation}/in`,
    format: 'wav',
    state: 'recording',
    target_uri: 'channel:x',
    ...more,
  },
});

describe('a recording event', () => {
  test('of ours is a fact with the time of the server, and a reason to ask', async () => {
    const parsed = await parse(recording('RecordingStarted'));
    expect(parsed).toMatchObject({ calls: [], unhandled: 0, ask: [correlation] });
    expect(parsed.reports).toMatchObject([
      {
        subject: { correlation },
        seen: { facts: { 'started/in': '2026-11-20T16:06:12.383Z' } },
        cause: { unattributed: true },
        clock: { domain: 'provider:asterisk', at: '2026-11-20T16:06:12.383Z' },
        via: 'push',
      },
    ]);
  });

  test('that comes twice is one observation', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await parse(recording('RecordingFinished'))).reports[0]?.reportId),
    );
    expect(ids[0]).toBe(ids[1]);
  });

  test('never tells the duration that the server counts', async () => {
    const parsed = await parse(recording('RecordingFinished', { state: 'done', duration: 9, talking_duration: 9 }));
    expect(JSON.stringify(parsed)).not.toContain('uration');
  });

  test.each(['calls/mixed-1', `other/${correlation}/in`, '', `onrecord/../${correlation}/in`])(
    'of somebody else is none of ours: %j',
    async (name) => {
      const parsed = await parse(recording('RecordingFinished', { name }));
      expect(parsed).toEqual({ reports: [], calls: [], unhandled: 1 });
    },
  );
});

describe('a call event', () => {
  test.each<[string, object, readonly object[]]>([
    [
      'a channel that enters and is up',
      { type: 'StasisStart', args: [], channel: channel('1') },
      [{ type: 'call.connected', answered: true, call: { kind: 'asterisk.channel', key: '1' } }],
    ],
    ['one that rings', { type: 'StasisStart', args: [], channel: channel('1', { state: 'Ring' }) }, []],
    [
      'one that was dialled',
      { type: 'ChannelStateChange', channel: channel('1', { dialplan: { app_name: 'AppDial' } }) },
      [{ type: 'call.connected', direction: 'outbound' }],
    ],
    [
      'the dialplan half of a Local channel',
      { type: 'ChannelStateChange', channel: channel('1;2', { name: 'Local/440@phone-00000000;2' }) },
      [],
    ],
    [
      'the same, handed over by the dialplan',
      { type: 'StasisStart', channel: channel('1;2', { name: 'Local/440@phone-00000000;2' }) },
      [{ type: 'call.connected' }],
    ],
    [
      'who calls',
      { type: 'StasisStart', channel: channel('1', { caller: { number: '+15550100' } }) },
      [{ from: '+15550100' }],
    ],
    ['an answer', { type: 'ChannelStateChange', channel: channel('1') }, [{ type: 'call.connected', answered: true }]],
    ['ringing that goes on', { type: 'ChannelStateChange', channel: channel('1', { state: 'Ringing' }) }, []],
    ['a hang-up', { type: 'ChannelDestroyed', cause: 16, channel: channel('1') }, [{ type: 'call.ended' }]],
    [
      'the end of a bridge',
      { type: 'BridgeDestroyed', bridge: { id: 'b', channels: [] } },
      [{ type: 'call.ended', call: { kind: 'asterisk.bridge', key: 'b' } }],
    ],
    [
      'who joins, told to all who hear him, and to him of them',
      { type: 'ChannelEnteredBridge', bridge: { id: 'b', channels: ['1', '2'] }, channel: channel('2') },
      [
        { type: 'call.participant-joined', participant: '2', call: { kind: 'asterisk.bridge', key: 'b' } },
        { participant: '2', call: { kind: 'asterisk.channel', key: '1' } },
        { participant: '1', call: { kind: 'asterisk.channel', key: '2' } },
      ],
    ],
    [
      'who leaves',
      { type: 'ChannelLeftBridge', bridge: { id: 'b', channels: [] }, channel: channel('2') },
      [{ type: 'call.participant-left', participant: '2' }],
    ],
  ])('tells of %s', async (_name, event, calls) => {
    const parsed = await parse({ ...at, ...event });
    expect(parsed.calls).toMatchObject(calls);
    expect(parsed.calls).toHaveLength(calls.length);
    expect(parsed).toMatchObject({ reports: [], unhandled: 0 });
  });

  test.each(['Snoop/1-00000000', 'Recorder/ARI-00000001;2', 'Announcer/ARI-00000001;2'])(
    'is nobody’s where the channel is the server’s own: %s',
    async (name) => {
      for (const type of ['StasisStart', 'ChannelEnteredBridge', 'ChannelLeftBridge', 'ChannelDestroyed']) {
        const { calls } = await parse({
          ...at,
          type,
          bridge: { id: 'b', channels: [] },
          channel: channel('1', { name }),
        });
        expect(calls).toEqual([]);
      }
    },
  );

  test('has one id however often it is told, and another for another', async () => {
    const joined = (timestamp: string) =>
      parse({
        ...at,
        timestamp,
        type: 'ChannelEnteredBridge',
        bridge: { id: 'b', channels: ['2'] },
        channel: channel('2'),
      });
    const ids = await Promise.all(
      ['2026-11-20T16:06:12.383+0000', '2026-11-20T16:06:12.383+0000', '2026-11-20T16:07:00.000+0000'].map(
        async (time) => (await joined(time)).calls[0]?.noticeId,
      ),
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describe('a playback event', () => {
  const playback = (id: string, state: string) =>
    parse({ ...at, type: 'PlaybackFinished', playback: { id, state, media_uri: 'sound:x', target_uri: 'bridge:b' } });

  test('tells of our announcement by its id', async () => {
    expect((await playback('onrecord.a/1', 'done')).calls).toMatchObject([
      { type: 'call.announced', announcementId: 'a/1', call: { kind: 'asterisk.bridge', key: 'b' } },
    ]);
    expect((await playback('onrecord.a/1', 'failed')).calls).toMatchObject([
      { type: 'call.announcement-failed', announcementId: 'a/1', reason: expect.stringContaining('failed') },
    ]);
  });

  test('of a signed URL that failed shows no signature', async () => {
    const media = 'https://user:pa55@sounds.example/notice.wav?X-Amz-Signature=abc';
    const { calls } = await parse({
      ...at,
      type: 'PlaybackFinished',
      playback: { id: 'onrecord.a', state: 'failed', media_uri: media, target_uri: 'bridge:b' },
    });
    expect(calls).toMatchObject([{ reason: expect.stringContaining('sounds.example/notice.wav') }]);
    expect(JSON.stringify(calls)).not.toMatch(/pa55|abc/);
  });

  test('of the application’s own is none of ours', async () => {
    expect((await playback('a1', 'done')).calls).toEqual([]);
  });
});

describe('what is hostile', () => {
  test.each(['', 'hello', '[]', '7', 'null', '{}', '{"type":7}', '{"type":""}'])('%j is no event', async (body) => {
    const error = await parse(body).catch((thrown: unknown) => thrown);
    expect(OnRecordError.is(error, 'invalid-request')).toBe(true);
  });

  test.each([
    'RecordingStarted',
    'StasisStart',
    'ChannelEnteredBridge',
    'BridgeDestroyed',
    'PlaybackFinished',
    'ChannelDestroyed',
  ])('%s without what belongs to it brings nothing', async (type) => {
    for (const rest of [
      {},
      { recording: 7, channel: [], bridge: 'x', playback: null },
      { channel: { id: 3 }, bridge: { id: {} } },
    ]) {
      const { reports, calls } = await parse({ type, ...rest });
      expect([reports, calls]).toEqual([[], []]);
    }
  });

  test('an event of a later version is counted', async () => {
    expect(await parse({ type: 'SomethingNew', ...at })).toEqual({ reports: [], calls: [], unhandled: 1 });
  });

  test('nothing is taken that did not come over the driver’s own socket', async () => {
    for (const transport of ['http', 'queue', 'lambda'] as const) {
      const request = { ...frame(recording('RecordingFinished')), transport };
      const error = await driver.parse(request, context).catch((thrown: unknown) => thrown);
      expect(OnRecordError.is(error, 'signature-invalid')).toBe(true);
    }
  });
});
