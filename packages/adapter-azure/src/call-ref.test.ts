import { describe, expect, test } from 'vitest';
import { type AzureCallSource, azureCallConnection, azureServerCall } from './call-ref.ts';

const both = { callConnectionId: 'connection', serverCallId: 'server', correlationId: 'chain' };

describe('the same call has the same key, wherever it is read from', () => {
  test.each<[string, AzureCallSource]>([
    ['ids', both],
    ['a result of answering', { callConnectionProperties: both }],
    ['an event as posted', { data: both }],
    ['an event without serverCallId', { data: { callConnectionId: 'connection' } }],
  ])('%s', (_name, source) => {
    expect(azureServerCall(source)).toMatchObject({
      kind: 'azure.call-connection',
      provider: 'azure',
      key: 'connection',
    });
  });

  test('both ids stay at hand', () => {
    expect(azureServerCall({ data: both }).data).toEqual(both);
    expect(azureCallConnection('connection').data).toEqual({ callConnectionId: 'connection' });
  });

  test.each<[string, AzureCallSource]>([
    ['a text', 'server'],
    ['an id alone', { serverCallId: 'server' }],
  ])('without a leg of ours it is the call itself: %s', (_name, source) => {
    expect(azureServerCall(source)).toMatchObject({ kind: 'azure.server-call', key: 'server' });
  });
});

test('the reference is as given', () => {
  const reference = { communicationUserId: '8:acs:a_b' };
  const ref = azureServerCall('server', { reference });
  expect(ref).toEqual({
    kind: 'azure.server-call',
    provider: 'azure',
    key: 'server',
    data: { serverCallId: 'server', reference: '8:acs:a_b' },
  });
});

test.each<[string, unknown]>([
  ['nothing', ''],
  ['an empty object', {}],
  ['null', null],
  ['data that is no object', { data: 7 }],
])('%s is no call', (_name, source) => {
  expect(() => azureServerCall(source as AzureCallSource)).toThrow(/neither|no callConnectionId/);
});
