import { OnRecordError } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from './call-ref.ts';

const channel = { id: '1732200000.17', name: 'PJSIP/alice-00000001' };
const bridge = { id: 'b-1', channels: [channel.id] };

test('a channel is read from wherever it stands', () => {
  const call = { kind: 'asterisk.channel', provider: 'asterisk', key: channel.id, data: {} };
  const event = { type: 'StasisStart', channel };
  expect([asteriskChannel(channel.id), asteriskChannel(channel), asteriskChannel(event)]).toEqual([call, call, call]);
});

test('a bridge is read from wherever it stands, with the leg that is meant', () => {
  const call = { kind: 'asterisk.bridge', provider: 'asterisk', key: 'b-1', data: {} };
  expect([asteriskBridge('b-1'), asteriskBridge(bridge), asteriskBridge({ bridge })]).toEqual([call, call, call]);
  expect(asteriskBridge(bridge, { reference: channel })).toEqual({ ...call, data: { reference: channel.id } });
});

test.each([() => asteriskChannel(''), () => asteriskBridge({ id: '' }), () => asteriskBridge('b', { reference: '' })])(
  'what names nothing is refused',
  (make) => {
    try {
      make();
      expect.unreachable();
    } catch (error) {
      expect(OnRecordError.is(error, 'invalid-request')).toBe(true);
    }
  },
);
