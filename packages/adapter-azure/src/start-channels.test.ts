import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject, Output } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { azureServerCall } from './call-ref.ts';
import { azureStartOptions } from './start-options.ts';
import { agent, caller, command, mixedWav, openScene, rejection, separateWav } from './testing/scene.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const reference = join(process.env['ONRECORD_REFERENCE'] ?? join(repository, '../shared/reference'), 'azure');
const present = existsSync(reference);
if (!present) console.warn(`skipped: no reference data at ${reference}; starts are not compared with recorded ones`);

const perParticipant: Output = { ...separateWav, layout: 'per-participant' };

describe('channels of an unmixed recording', () => {
  test.each<[string, JsonObject, object, readonly (readonly [number, string])[]]>([
    [
      'channelAffinity pins a participant to a channel by its number',
      {
        channelAffinity: [
          { channel: 3, targetParticipant: `4:${caller}` },
          { channel: 1, targetParticipant: `4:${agent}` },
        ],
      },
      {
        channelAffinity: [
          { channel: 3, participant: { kind: 'phoneNumber', rawId: `4:${caller}` } },
          { channel: 1, participant: { kind: 'phoneNumber', rawId: `4:${agent}` } },
        ],
      },
      [
        [3, `4:${caller}`],
        [1, `4:${agent}`],
      ],
    ],
    [
      'audioChannelParticipantOrdering fixes the first channels, in its order',
      { audioChannelParticipantOrdering: [{ phoneNumber: agent }, `4:${caller}`] },
      {
        audioChannelParticipantOrdering: [
          { kind: 'phoneNumber', rawId: `4:${agent}` },
          { kind: 'phoneNumber', rawId: `4:${caller}` },
        ],
      },
      [
        [0, `4:${agent}`],
        [1, `4:${caller}`],
      ],
    ],
    [
      'channels is an affinity by position',
      { channels: [`4:${agent}`, { phoneNumber: { value: caller } }] },
      {
        channelAffinity: [
          { channel: 0, participant: { rawId: `4:${agent}` } },
          { channel: 1, participant: { rawId: `4:${caller}` } },
        ],
      },
      [
        [0, `4:${agent}`],
        [1, `4:${caller}`],
      ],
    ],
  ])('%s', async (_name, providerOptions, body, promised) => {
    for (const output of [separateWav, perParticipant]) {
      await using scene = await openScene();
      const plan = scene.plan({ output, providerOptions });
      const outcome = await scene.driver.doStart(plan, scene.context);
      const [start] = scene.requests('StartRecording');
      expect(start?.body).toMatchObject(body);
      const tracks = outcome.reports?.[0]?.seen.expects?.[0]?.tracks?.map(({ channel, participant }) => [
        channel,
        participant,
      ]);
      expect(tracks).toEqual(promised);
    }
  });

  test('one option or the other is sent, never both', async () => {
    await using scene = await openScene();
    const call = azureServerCall(scene.call.ids(), { reference: `4:${caller}` });
    const providerOptions = { audioChannelParticipantOrdering: [`4:${agent}`] };
    await scene.driver.doStart(scene.plan({ call, output: separateWav, providerOptions }), scene.context);
    expect(scene.requests('StartRecording')[0]?.body).not.toHaveProperty('channelAffinity');
  });

  test('the file has the voices where they were pinned', async () => {
    await using scene = await openScene();
    await scene.azure.subscribe({ url: scene.gridUrl });
    const providerOptions = { channelAffinity: [{ channel: 2, targetParticipant: `4:${caller}` }] };
    const part = await scene.recording({ output: perParticipant, providerOptions });
    await scene.clock.advance(2_000);
    await scene.driver.doStop(part, command(2), scene.context);
    await scene.clock.advance(120_000);
    const finalized = await scene.driver.doFinalize(
      { ...part, facts: scene.facts() },
      { stepId: 's', token: 't', asOfOrdinal: 2 },
      scene.context,
    );
    const tracks = finalized.reports
      ?.flatMap(({ seen: { media = [] } }) => media)
      .flatMap(({ tracks: all = [] }) => all);
    expect(tracks?.map(({ channel, participant }) => [channel, participant])).toEqual([
      [0, `4:${agent}`],
      [2, `4:${caller}`],
    ]);
  });
});

describe('what does not fit the layout is refused, and nothing is sent', () => {
  const channelAffinity = [{ channel: 0, targetParticipant: `4:${caller}` }];
  test.each<[string, Output, JsonObject, RegExp]>([
    ['channelAffinity in a mix', mixedWav, { channelAffinity }, /^providerOptions\.channelAffinity: .*separate voices/],
    [
      'audioChannelParticipantOrdering in a mix',
      mixedWav,
      { audioChannelParticipantOrdering: [`4:${caller}`] },
      /^providerOptions\.audioChannelParticipantOrdering: .*separate voices/,
    ],
    ['channels in a mix', mixedWav, { channels: [`4:${caller}`] }, /^providerOptions\.channels: .*separate voices/],
    [
      'a reference of each',
      perParticipant,
      { reference: `4:${caller}` },
      /^providerOptions\.reference: .*give channels/,
    ],
    [
      'both ways at once',
      separateWav,
      { channelAffinity, audioChannelParticipantOrdering: [`4:${caller}`] },
      /^providerOptions: Give either channelAffinity or audioChannelParticipantOrdering/,
    ],
  ])('%s', async (_name, output, providerOptions, message) => {
    await using scene = await openScene();
    const error = await rejection(scene.driver.doStart(scene.plan({ output, providerOptions }), scene.context));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) });
    expect(scene.azure.requests()).toEqual([]);
  });

  test('a reference of the call that is none', async () => {
    await using scene = await openScene();
    const call = { ...scene.ref, data: { ...scene.ref.data, reference: 'caller' } };
    const error = await rejection(scene.driver.doStart(scene.plan({ call, output: separateWav }), scene.context));
    expect(error).toMatchObject({ message: expect.stringMatching(/^call\.data\.reference: Must be a raw id/) });
    expect(scene.azure.requests()).toEqual([]);
  });
});

interface Recorded {
  readonly call: string;
  readonly body: { readonly [field: string]: unknown };
}

describe.skipIf(!present)('fields are spelt as recorded requests of the SDK spell them', () => {
  const { requests } = present
    ? (JSON.parse(readFileSync(join(reference, 'sdk-js-1.6.0-wire-requests.json'), 'utf8')) as {
        readonly requests: readonly Recorded[];
      })
    : { requests: [] };
  const all = requests.find(({ call }) => call === 'start(all options)')?.body ?? {};
  const user = { communicationUserId: '8:acs:u1' };

  test.each<[string, JsonObject]>([
    [
      'audioChannelParticipantOrdering',
      azureStartOptions({ audioChannelParticipantOrdering: [user, '4:+15551234567'] }),
    ],
    [
      'channelAffinity',
      azureStartOptions({
        channelAffinity: [
          { channel: 0, targetParticipant: user },
          { channel: 1, targetParticipant: { microsoftTeamsUserId: 'tid' } },
        ],
      }),
    ],
  ])('%s, with everything beside it', async (field, providerOptions) => {
    const containerUrl = 'https://acct.blob.core.windows.net/recs';
    await using scene = await openScene({ driver: { recordingStorage: { containerUrl, perRecording: false } } });
    const plan = scene.plan({ output: separateWav, startPaused: true, providerOptions });
    await scene.driver.doStart(plan, scene.context);
    const {
      callConnectionId: _own,
      recordingStateCallbackUri: _ours,
      ...body
    } = Object(scene.requests('StartRecording')[0]?.body);
    const other = field === 'channelAffinity' ? 'audioChannelParticipantOrdering' : 'channelAffinity';
    const elsewhere = ['callLocator', 'recordingStateCallbackUri', other];
    const recorded = Object.fromEntries(Object.entries(all).filter(([name]) => !elsewhere.includes(name)));
    expect(body).toEqual(recorded);
  });

  test('what the SDK sends unchecked is refused: channel 5', async () => {
    const sent = requests.find(({ call }) => call === 'start(channelAffinity channel 5)')?.body;
    expect(sent).toMatchObject({ channelAffinity: [{ channel: 5 }] });
    await using scene = await openScene();
    const providerOptions = { channelAffinity: [{ channel: 5, targetParticipant: '8:acs:u1' }] };
    const error = await rejection(
      scene.driver.doStart(scene.plan({ output: separateWav, providerOptions }), scene.context),
    );
    expect(error).toMatchObject({ message: expect.stringMatching(/channelAffinity\.0\.channel: .*0 to 4/) });
    expect(scene.azure.requests()).toEqual([]);
  });

  test('externalStorage, pauseOnStart and serverCallLocator are those of the example of the API description', async () => {
    const file = join(reference, 'stable-2026-03-12/examples/CallRecording_StartRecording.json');
    const { startCallRecording } = (
      JSON.parse(readFileSync(file, 'utf8')) as {
        readonly parameters: { readonly startCallRecording: Recorded['body'] };
      }
    ).parameters;
    const { externalStorage, callLocator, pauseOnStart } = startCallRecording;
    const containerUrl = String(Object(externalStorage)['recordingDestinationContainerUrl']);
    await using scene = await openScene({ driver: { recordingStorage: { containerUrl, perRecording: false } } });
    const call = azureServerCall(String(Object(callLocator)['serverCallId']));
    await rejection(scene.driver.doStart(scene.plan({ call, startPaused: true }), scene.context));
    const [start] = scene.requests('StartRecording');
    expect(start?.body).toMatchObject({ externalStorage, callLocator, pauseOnStart });
    // Its call is none of the simulated resource's.
    expect(start?.subCode).toBe('8522');
  });
});
