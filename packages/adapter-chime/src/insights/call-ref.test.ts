import { describe, expect, test } from 'vitest';
import { chimeKvsStreams, chimeKvsStreamsOf, parseConnectorKey } from './index.ts';

describe('references of calls', () => {
  const arn = (name: string, region = 'us-east-1') =>
    `arn:aws:kinesisvideo:${region}:111122223333:stream/${name}/1680731931114`;

  test('by both streams in any order, or by connector and transaction', () => {
    const call = chimeKvsStreams({ streams: [arn('a'), arn('b')] });
    expect(call).toMatchObject({
      kind: 'chime.kvs-streams',
      region: 'us-east-1',
      data: { streams: [arn('a'), arn('b')] },
    });
    expect(chimeKvsStreams({ streams: [arn('b'), arn('a')] }).key).toBe(call.key);
    expect(chimeKvsStreams({ streams: [arn('a'), arn('b')], voiceConnectorId: 'vc', transactionId: 'tx' }).key).toBe(
      'vc/tx',
    );
  });

  test.each([
    ['one stream', [arn('a')], /one stereo stream is not supported/],
    ['three', [arn('a'), arn('b'), arn('c')], /there are 3/],
    ['the same one twice', [arn('a'), arn('a')], /the same one/],
    ['something else', ['a', arn('b')], /no ARN of a stream/],
    ['two regions', [arn('a'), arn('b', 'us-west-2')], /different regions/],
  ])('%s is refused', (_, streams, message) => {
    expect(() => chimeKvsStreams({ streams: streams as never })).toThrow(message);
  });

  test('from the two STARTED events of a call, the account first', () => {
    const ids = { voiceConnectorId: 'vc', transactionId: 'tx', callId: 'c', direction: 'Inbound' };
    const caller = { ...ids, isCaller: 'True', streamArn: arn('caller') };
    const callee = { ...ids, isCaller: false, streamArn: arn('callee') };
    expect(chimeKvsStreamsOf([caller, callee]).data.streams).toEqual([arn('callee'), arn('caller')]);
    const outbound = [caller, callee].map((one) => ({ ...one, direction: 'Outbound' }));
    expect(chimeKvsStreamsOf(outbound).data.streams).toEqual([arn('caller'), arn('callee')]);
    expect(() => chimeKvsStreamsOf([caller])).toThrow('not the STARTED events');
    expect(() => chimeKvsStreamsOf([caller, { ...callee, transactionId: 'other' }])).toThrow('not the STARTED events');
  });
});

test.each([
  ['calls/vc1/tx1_2024-08-07-03-07-17-123.wav', { prefix: 'calls', container: 'wav', enhanced: false }],
  ['vc1/tx1_2024-08-07-03-07-17-123.ogg', { prefix: '', container: 'ogg', enhanced: false }],
  ['a/b/vc1/tx1_2024-08-07-03-07-17-123_enhanced.wav', { prefix: 'a/b', enhanced: true }],
])('the key %s is read from its end', (key, expected) => {
  const told = { voiceConnectorId: 'vc1', transactionId: 'tx1', startedAt: '2024-08-07T03:07:17.123Z' };
  expect(parseConnectorKey(key)).toMatchObject({ ...told, ...expected });
});

test.each([
  ['tx1_2024-08-07-03-07-17-123.wav'],
  ['vc1/tx1.wav'],
  ['vc1/tx1_2024-13-07-03-07-17-123.wav'],
  ['vc1/tx1_2024-08-07-03-07-17-123.mp3'],
  [''],
])('the key %j is none', (key) => {
  expect(parseConnectorKey(key)).toBeUndefined();
});
