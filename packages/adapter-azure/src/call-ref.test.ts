import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CallAutomationClient, parseCallAutomationEvent } from '@azure/communication-call-automation';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { OnRecordError } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { type AzureCallSource, azureCallConnection, azureGroupCall, azureRoom, azureServerCall } from './call-ref.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const reference = join(process.env['ONRECORD_REFERENCE'] ?? join(repository, '../shared/reference'), 'azure');
const present = existsSync(reference);
if (!present) console.warn(`skipped: no reference data at ${reference}; no event of the service is read here`);

const guid = 'd5546be8-227a-4db8-b2c3-4f06fd675fd6';
const serverCallId = Buffer.from('https://api.flightproxy.skype.com/api/v2/cp/x.skype.com/conv/1?i=0&e=7').toString(
  'base64',
);
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
    ['a result without callConnectionId', { callConnectionProperties: { serverCallId: 'server' } }],
    ['an event without callConnectionId', { data: { serverCallId: 'server', correlationId: guid } }],
  ])('without a leg of ours it is the call itself: %s', (_name, source) => {
    expect(azureServerCall(source)).toMatchObject({ kind: 'azure.server-call', key: 'server' });
  });
});

describe('what the SDK itself returns', () => {
  /** A client whose every request is answered with this body. */
  function answering(status: number): CallAutomationClient {
    const body = JSON.stringify({
      ...both,
      serverCallId,
      callConnectionState: 'connecting',
      callbackUri: 'https://a.b',
    });
    const httpClient: HttpClient = {
      sendRequest: (request) => Promise.resolve({ request, status, headers: createHttpHeaders(), bodyAsText: body }),
    };
    return new CallAutomationClient('endpoint=https://contoso.communication.azure.com/;accesskey=a2V5', { httpClient });
  }
  const invite = { targetParticipant: { communicationUserId: '8:acs:a_b' } };

  test.each([
    ['AnswerCall', () => answering(200).answerCall('context', 'https://a.b/cb')],
    ['CreateCall', () => answering(201).createCall(invite, 'https://a.b/cb')],
    ['Connect', () => answering(200).connectCall({ kind: 'serverCallLocator', id: 'x' }, 'https://a.b/cb')],
  ])('the result of %s names our leg, with the serverCallId', async (_operation, ask) => {
    expect(azureServerCall(await ask())).toEqual({
      kind: 'azure.call-connection',
      provider: 'azure',
      key: 'connection',
      data: { ...both, serverCallId },
    });
  });

  test('the answer that nobody has awaited yet is told as such', async () => {
    const promise = answering(200).answerCall('context', 'https://a.b/cb');
    expect(() => azureServerCall(promise as object as AzureCallSource)).toThrow(/promise.*Await it/);
    await promise;
  });

  test('a callback that the SDK parsed: CallConnected', () => {
    const event = { id: '1', source: 's', type: 'Microsoft.Communication.CallConnected', data: both };
    expect(azureServerCall(parseCallAutomationEvent(JSON.stringify(event)))).toMatchObject({
      key: 'connection',
      data: both,
    });
  });
});

describe.skipIf(!present)('events of the service as they were seen', () => {
  const read = (name: string) => JSON.parse(readFileSync(join(reference, 'events', name), 'utf8'));

  test('CallConnected without a serverCallId', () => {
    const [event] = read('call-connected.sdk-test.json');
    expect(azureServerCall(event)).toMatchObject({ kind: 'azure.call-connection', key: event.data.callConnectionId });
    expect(azureServerCall(event.data)).toEqual(azureServerCall(event));
    expect(azureServerCall(parseCallAutomationEvent(event))).toEqual(azureServerCall(event));
  });

  test('a batch is not guessed at', () => {
    const batch = read('call-connected.sdk-test.json');
    expect(() => azureServerCall(batch)).toThrow(/batch of events.*one event/);
  });

  test('IncomingCall is explained, and its secret is not repeated', () => {
    const [event] = read('incoming-call.eventgrid.docs.json');
    for (const source of [event, event.data, { ...event, type: event.eventType, eventType: undefined }]) {
      const error = refusal(() => azureServerCall(source));
      expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringMatching(/8501.*CallConnected/s) });
      expect(JSON.stringify(error)).not.toContain(event.data.incomingCallContext);
    }
    expect(azureServerCall(serverCallId).key).toBe(serverCallId);
  });
});

test('IncomingCall is told by its type alone, too', () => {
  const event = { type: 'Microsoft.Communication.IncomingCall', data: { serverCallId } };
  expect(() => azureServerCall(event)).toThrow(/rings and is not connected/);
});

describe('an id that is evidently another one is refused', () => {
  test.each<[string, () => object, RegExp]>([
    [
      'a GUID as serverCallId (js-quickstarts#203)',
      () => azureServerCall(guid),
      /^serverCallId: A GUID is no serverCallId/,
    ],
    ['one in an object', () => azureServerCall({ serverCallId: guid.toUpperCase() }), /azureCallConnection\(\)/],
    [
      'a serverCallId as callConnectionId',
      () => azureCallConnection(serverCallId),
      /^callConnectionId: Is a serverCallId/,
    ],
    ['a serverCallId as roomId', () => azureRoom(serverCallId), /^roomId: Is a serverCallId/],
    ['a serverCallId as groupCallId', () => azureGroupCall(serverCallId), /^groupCallId: Must be a GUID/],
    ['a GUID that is short', () => azureGroupCall(guid.slice(1)), /^groupCallId: Must be a GUID/],
    ['a line break', () => azureServerCall(`${serverCallId}\n`), /no space, line break/],
    ['no room', () => azureRoom(''), /^roomId: Must be text/],
    ['no leg', () => azureCallConnection(''), /^callConnectionId: Must be text/],
  ])('%s', (_name, make, message) => {
    expect(refusal(make)).toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) });
  });

  test('a real callConnectionId is a GUID, and a serverCallId may be any other text', () => {
    expect(azureCallConnection(guid).key).toBe(guid);
    // Of an event that names a leg nothing depends on it, and an event must not be lost.
    expect(azureServerCall({ ...both, serverCallId: guid })).toMatchObject({ key: 'connection' });
    for (const id of [serverCallId, serverCallId.replaceAll('=', ''), 'opaque']) {
      expect(azureServerCall(id)).toMatchObject({ kind: 'azure.server-call', key: id, data: { serverCallId: id } });
    }
  });
});

describe('calls of other locators', () => {
  test('a group call is the same in any case of its GUID', () => {
    const call = azureGroupCall(guid);
    expect(call).toEqual({ kind: 'azure.group-call', provider: 'azure', key: guid, data: { groupCallId: guid } });
    expect(azureGroupCall(guid.toUpperCase())).toEqual(call);
  });

  test('a room, with its reference', () => {
    const call = azureRoom('99199690362660524', { reference: { phoneNumber: '+15550100' } });
    expect(call).toMatchObject({ kind: 'azure.room', key: '99199690362660524' });
    expect(call.data).toEqual({ roomId: '99199690362660524', reference: '4:+15550100' });
  });
});

test.each<[string, (id: string) => object]>([
  ['callConnectionId', azureCallConnection],
  ['groupCallId', azureGroupCall],
  ['roomId', azureRoom],
])('a %s that is undefined, as a variable that is not set, is refused with its name', (name, make) => {
  const unset: { readonly id?: string } = {};
  const error = refusal(() => make(unset.id as string));
  expect(error).toMatchObject({
    code: 'invalid-request',
    message: expect.stringMatching(`^${name}: Must be text that is not empty`),
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
  const wire = { rawId: '4:+15550100', phoneNumber: { value: '+15550100' } };
  expect(azureServerCall('server', { reference: wire }).data['reference']).toBe('4:+15550100');
});

test('a reference that names nobody is refused with its path', () => {
  expect(() => azureServerCall('server', { reference: '+15550100' })).toThrow(/^reference: .*begins with 4:/);
});

test.each<[string, unknown]>([
  ['nothing', ''],
  ['an empty object', {}],
  ['null', null],
  ['data that is no object', { data: 7 }],
  ['ids that are no text', { callConnectionId: 7, serverCallId: {} }],
])('%s is no call', (_name, source) => {
  expect(() => azureServerCall(source as AzureCallSource)).toThrow(/neither|no callConnectionId/);
});

function refusal(make: () => object): OnRecordError {
  try {
    make();
  } catch (error) {
    if (OnRecordError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
