import { createRecorder, type JsonObject, memorySessionStore, OnRecordError } from '@onrecord/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { azure } from './driver.ts';
import { type AzureStartOptions, azureStartOptions } from './start-options.ts';
import { openScene, rejection } from './testing/scene.ts';

const connectionString = 'endpoint=https://contoso.communication.azure.com/;accesskey=a2V5';
const containerUrl = 'https://contoso.blob.core.windows.net/recordings';
const driver = azure({ connectionString, recordingStorage: { containerUrl } });
const somebody = { communicationUserId: '8:acs:a_b' };

function problemsOf(options: object): readonly string[] {
  try {
    driver.checkOptions(options as JsonObject);
    return [];
  } catch (error) {
    if (!OnRecordError.is(error, 'invalid-request')) throw error;
    return error.context['problems'] as readonly string[];
  }
}

describe('names of the vendor are answered by ours', () => {
  test.each<[string, RegExp]>([
    ['ChannelAffinity', /did you mean channelAffinity\?/],
    ['AudioChannelParticipantOrdering', /did you mean audioChannelParticipantOrdering\?/],
    ['channelAfinity', /did you mean channelAffinity\?/],
    ['referense', /did you mean reference\?/],
    ['RecordingStorage', /did you mean recordingStorage\?/],
    ['externalStorage', /did you mean recordingStorage: \{ containerUrl \} in the options of the provider/],
    ['recordingDestinationContainerUrl', /did you mean recordingStorage: \{ containerUrl \}/],
    ['recordingStateCallbackEndpointUrl', /did you mean callbackUrl in the options of the provider/],
    ['recordingStateCallbackUri', /did you mean callbackUrl in the options of the provider/],
    ['recordingContent', /did you mean output/],
    ['recordingContentType', /did you mean output/],
    ['recordingChannel', /did you mean output/],
    ['recordingChannelType', /did you mean output/],
    ['recordingFormat', /did you mean output/],
    ['recordingFormatType', /did you mean output/],
    ['pauseOnStart', /did you mean startPaused of the start/],
    ['PauseOnStart', /did you mean startPaused of the start/],
    ['callLocator', /did you mean call of the start/],
    ['callConnectionId', /did you mean call of the start/],
    ['serverCallId', /did you mean call of the start/],
    ['operationContext', /there are reference, channels, channelAffinity/],
  ])('%s', (name, help) => {
    expect(problemsOf({ [name]: 'x' })).toEqual([expect.stringMatching(help)]);
    expect(problemsOf({ [name]: 'x' })[0]).toMatch(new RegExp(`^providerOptions\\.${name}: There is no such option`));
  });
});

test("the vendor's own sample of channelAffinity works once its name is right", () => {
  const sample = [{ channel: 0, targetParticipant: { communicationUserId: '8:acs:a_b' } }];
  expect(problemsOf({ ChannelAffinity: sample })).toHaveLength(1);
  expect(problemsOf({ channelAffinity: sample })).toEqual([]);
});

describe('channelAffinity gives each participant one channel, 0 to 4', () => {
  const entry = (channel: unknown, user = 'b') => ({
    channel,
    targetParticipant: { communicationUserId: `8:acs:${user}` },
  });

  test.each([0, 1, 2, 3, 4])('channel %i', (channel) => {
    expect(problemsOf({ channelAffinity: [entry(channel)] })).toEqual([]);
  });

  test.each([5, -1, 1.5, '0', null, undefined, Number.NaN])('not channel %s', (channel) => {
    expect(problemsOf({ channelAffinity: [entry(channel)] })).toEqual([
      'providerOptions.channelAffinity.0.channel: Must be a whole number from 0 to 4.',
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    ['nobody', [], /one to 5 entries/],
    ['six entries', [0, 1, 2, 3, 4, 5].map((channel) => entry(channel, `${channel}`)), /one to 5 entries/],
    ['no list', entry(0), /Must be a list/],
    ['a participant alone', [somebody], /channelAffinity\.0\.communicationUserId: There is no such option/],
    ['a raw id alone', ['8:acs:b'], /channelAffinity\.0: Must be an object with channel, targetParticipant/],
    [
      'the name of the API',
      [{ channel: 0, participant: somebody }],
      /0\.participant: .*did you mean targetParticipant/,
    ],
    ['a channel for nobody', [{ channel: 0 }], /0\.targetParticipant: Missing/],
    ['one channel for two', [entry(0, 'a'), entry(0, 'b')], /different channels/],
    ['two channels for one', [entry(0), entry(1)], /different participants/],
    ['two channels for one, in two forms', [entry(0), { channel: 1, targetParticipant: '8:acs:b' }], /different part/],
    ['a bad participant', [{ channel: 0, targetParticipant: 'b' }], /0\.targetParticipant: Must be a raw id/],
  ])('%s is refused', (_name, channelAffinity, message) => {
    expect(problemsOf({ channelAffinity }).join('\n')).toMatch(message);
  });
});

describe('audioChannelParticipantOrdering and channels name up to five different participants', () => {
  const five = ['4:+1', '8:acs:b', '8:orgid:c', '28:orgid:d', '48:e'];

  test.each(['audioChannelParticipantOrdering', 'channels'])('%s', (name) => {
    expect(problemsOf({ [name]: five })).toEqual([]);
    expect(problemsOf({ [name]: [...five, '4:+6'] })).toEqual([
      `providerOptions.${name}: Must be a list of one to 5 different participants.`,
    ]);
    expect(problemsOf({ [name]: [] })).toHaveLength(1);
    expect(problemsOf({ [name]: ['4:+1', { phoneNumber: '+1' }] })).toEqual([
      `providerOptions.${name}: Must be different participants: one is named twice.`,
    ]);
    expect(problemsOf({ [name]: ['4:+1', 'b', null] })).toEqual([
      expect.stringMatching(`^providerOptions\\.${name}\\.1: Must be a raw id`),
      expect.stringMatching(`^providerOptions\\.${name}\\.2: Must be a participant`),
    ]);
  });
});

test('only one way to give channels', () => {
  const names = ['reference', 'channels', 'channelAffinity', 'audioChannelParticipantOrdering'] as const;
  const values = { reference: '4:+1', channels: ['4:+1'], audioChannelParticipantOrdering: ['4:+1'] };
  const all = { ...values, channelAffinity: [{ channel: 0, targetParticipant: '4:+1' }] };
  for (const one of names) {
    expect(problemsOf({ [one]: all[one] })).toEqual([]);
    for (const other of names.filter((name) => name !== one)) {
      expect(problemsOf({ [one]: all[one], [other]: all[other] })).toEqual([expect.stringMatching(/either .* or /)]);
    }
  }
});

describe('recordingStorage of a start', () => {
  test.each<[unknown, RegExp]>([
    ['own', /Must be 'service' or \{ location \}/],
    [7, /Must be 'service'/],
    [{ location: 7 }, /location: Must be text/],
    [{}, /location: Must be text/],
    [{ location: '' }, /single slashes/],
    [{ location: '/a' }, /single slashes/],
    [{ location: 'a/' }, /single slashes/],
    [{ location: 'a//b' }, /single slashes/],
    [{ location: '../other' }, /no name that is/],
    [{ location: 'a/./b' }, /no name that is/],
    [{ location: 'a.' }, /ends in a dot/],
    [{ location: 'a\\b' }, /no backslash/],
    [{ location: 'a\u0000b' }, /no control character/],
    [{ location: 'a'.repeat(751) }, /at most 750/],
    [{ location: 'a', folder: 'b' }, /recordingStorage\.folder: There is no such option/],
    [{ Location: 'a' }, /did you mean location/],
    [
      { containerUrl: 'https://a' },
      /recordingStorage\.containerUrl: The container belongs in the options of the provider/,
    ],
    [
      { recordingStorageKind: 'azureBlobStorage', recordingDestinationContainerUrl: 'https://a?sig=secret' },
      /^providerOptions\.recordingStorage\.recordingDestinationContainerUrl: The container belongs in (?!.*secret)/,
    ],
  ])('not %j', (recordingStorage, message) => {
    expect(problemsOf({ recordingStorage }).join('\n')).toMatch(message);
  });

  test.each(['service', { location: 'tenant a/2026' }])('%j', (recordingStorage) => {
    expect(problemsOf({ recordingStorage })).toEqual([]);
  });
});

describe('what the configuration does not bear is refused before a session is written', () => {
  test('recordingStorage.location without a container', () => {
    const bare = azure({ connectionString });
    expect(() => bare.checkOptions({ recordingStorage: { location: 'a' } })).toThrow(
      /^providerOptions\.recordingStorage\.location: There is no container/,
    );
    expect(() => bare.checkOptions({ recordingStorage: 'service' })).not.toThrow();
  });

  test.each([
    ['channels', 'channelAffinity', ['4:+15550100']],
    ['reference', 'channelAffinity', '4:+15550100'],
    ['audioChannelParticipantOrdering', 'audioChannelParticipantOrdering', ['4:+15550100']],
  ] as const)('%s under Teams Phone, unless %s is to be attempted', (option, what, value) => {
    const options = { [option]: value } as JsonObject;
    expect(() => azure({ connectionString, profile: 'teams-phone' }).checkOptions(options)).toThrow(
      `${what} is not documented under Teams Phone`,
    );
    expect(() =>
      azure({ connectionString, profile: 'teams-phone', attempt: [what] }).checkOptions(options),
    ).not.toThrow();
  });
});

test('everything that is wrong is told at once, each with its path', () => {
  const options = {
    ChannelAffinity: [],
    pauseOnStart: true,
    channels: ['b', '4:+1', '4:+1'],
    recordingStorage: { location: '..' },
  };
  expect(problemsOf(options).map((problem) => problem.split(':')[0])).toEqual([
    'providerOptions.ChannelAffinity',
    'providerOptions.pauseOnStart',
    'providerOptions.channels.0',
    'providerOptions.channels',
    'providerOptions.recordingStorage.location',
  ]);
});

test('whatever JSON is given, it is taken or refused with paths, and nothing else is thrown', () => {
  const name = fc.constantFrom(
    ...['channelAffinity', 'channels', 'reference', 'recordingStorage', 'constructor', '__proto__', 'toString'],
    ...[
      'kind',
      'rawId',
      'phoneNumber',
      'communicationUser',
      'teamsAppId',
      'userId',
      'id',
      'channel',
      'targetParticipant',
    ],
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, 5, '', '4:+15550100', '8:acs:a', 'x', '..', '\u0000'),
      fc.array(tie('value'), { maxLength: 6 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 4 }), (options) => {
      for (const problem of problemsOf(options)) expect(problem).toMatch(/^providerOptions[^\n]*: [A-Z][^\n]*[.?]$/);
    }),
  );
});

describe('azureStartOptions', () => {
  test('gives the JSON that stands in the session record, identifiers of the SDK included', () => {
    const options: AzureStartOptions = {
      channelAffinity: [
        { channel: 1, targetParticipant: { userId: 'u', tenantId: 't', resourceId: 'r' } },
        { channel: 0, targetParticipant: { kind: 'phoneNumber', phoneNumber: { value: '+15550100' } } },
      ],
      reference: undefined,
      recordingStorage: { location: 'a' },
    };
    const json = azureStartOptions(options);
    expect(json).toEqual({ channelAffinity: options.channelAffinity, recordingStorage: { location: 'a' } });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test('refuses at once what a start would refuse', () => {
    expect(() => azureStartOptions({ channels: ['b'] })).toThrow(/^providerOptions\.channels\.0: Must be a raw id/);
  });
});

test('wrong options are refused before anything is written or sent', async () => {
  await using scene = await openScene();
  const store = memorySessionStore();
  const recorder = createRecorder(scene.driver, { store, clock: scene.clock });
  const output = { media: 'audio', layout: 'separate', container: 'wav' } as const;
  const start = { call: scene.ref, output, consent: { basis: 'application', noticeId: 'n' } } as const;
  const error = await rejection(recorder.start({ ...start, providerOptions: { ChannelAffinity: [] } }));
  expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('channelAffinity') });
  expect(await store.list()).toEqual([]);
  expect(scene.azure.requests()).toEqual([]);
  await recorder.close();
});
