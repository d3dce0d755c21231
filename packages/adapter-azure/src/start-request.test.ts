import { type Container, type Layout, type Media, OnRecordError, type Output, sameOutput } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { azureRoom, azureServerCall } from './call-ref.ts';
import { azureCapabilities } from './capabilities.ts';
import { agent, caller, command, openScene, partOf, rejection, type Scene, separateWav } from './testing/scene.ts';

describe('the request', () => {
  test('names the call, the format, and by recordingStateCallbackUri a callback that finds the session again', async () => {
    await using scene = await openScene();
    const plan = scene.plan();
    const outcome = await scene.driver.doStart(plan, scene.context);
    const [start] = scene.requests('StartRecording');
    const { recordingStateCallbackUri, ...body } = start!.body as Record<string, unknown>;
    expect(body).toEqual({
      callConnectionId: scene.call.callConnectionId,
      recordingContentType: 'audio',
      recordingChannelType: 'mixed',
      recordingFormatType: 'wav',
    });
    const callback = new URL(String(recordingStateCallbackUri));
    expect(callback.searchParams.get('s')).toBe(plan.correlation);
    expect(callback.searchParams.get('c')).toBe(plan.command.commandId);
    expect(callback.searchParams.get('k')).toMatch(/^[\w-]{43}$/);
    expect(outcome).toMatchObject({
      kind: 'accepted',
      handle: { recordingId: expect.any(String) },
      providerKeys: [expect.stringMatching(/^recording\//)],
    });
  });

  test.each<[Output, { readonly content: string; readonly channel: string; readonly format: string }]>([
    [
      { media: 'audio', layout: 'mixed', container: 'wav' },
      { content: 'audio', channel: 'mixed', format: 'wav' },
    ],
    [
      { media: 'audio', layout: 'mixed', container: 'mp3' },
      { content: 'audio', channel: 'mixed', format: 'mp3' },
    ],
    [
      { media: 'audio-video', layout: 'mixed', container: 'mp4' },
      { content: 'audioVideo', channel: 'mixed', format: 'mp4' },
    ],
    [
      { media: 'audio', layout: 'separate', container: 'wav' },
      { content: 'audio', channel: 'unmixed', format: 'wav' },
    ],
    [
      { media: 'audio', layout: 'per-participant', container: 'wav' },
      { content: 'audio', channel: 'unmixed', format: 'wav' },
    ],
  ])(
    'recordingContentType, recordingChannelType and recordingFormatType ask for $0',
    async (output, { content, channel, format }) => {
      await using scene = await openScene();
      await scene.driver.doStart(scene.plan({ output }), scene.context);
      expect(scene.requests('StartRecording')).toMatchObject([
        {
          body: { recordingContentType: content, recordingChannelType: channel, recordingFormatType: format },
        },
      ]);
    },
  );

  test('every declared output is tested above', () => {
    expect(azureCapabilities.outputs).toHaveLength(5);
  });

  test('every other combination of recordingContentType, recordingChannelType, recordingFormatType is refused', async () => {
    const media: readonly Media[] = ['audio', 'audio-video'];
    const layouts: readonly Layout[] = ['mixed', 'separate', 'per-participant', 'incoming', 'outgoing'];
    const containers: readonly Container[] = ['wav', 'mp3', 'mp4', 'ogg'];
    const all = media.flatMap((kind) =>
      layouts.flatMap((layout) => containers.map((container) => ({ media: kind, layout, container }))),
    );
    const illegal = all.filter((output) => !azureCapabilities.outputs.some((legal) => sameOutput(legal, output)));
    expect(illegal).toHaveLength(40 - 5);
    await using scene = await openScene();
    for (const output of illegal) {
      const error = await rejection(scene.driver.doStart(scene.plan({ output }), scene.context));
      expect(error, JSON.stringify(output)).toMatchObject({
        code: 'unsupported',
        message: expect.stringMatching(/^output: Azure cannot record /),
      });
    }
    expect(scene.azure.requests()).toEqual([]);
  });

  test('pauseOnStart is sent when it is asked for, and only then', async () => {
    await using scene = await openScene();
    const first = await scene.driver.doStart(scene.plan({ startPaused: true }), scene.context);
    await scene.driver.doStop(partOf(scene.plan(), first), command(2), scene.context);
    await scene.clock.advance(3_000);
    await scene.driver.doStart(scene.plan(), scene.context);
    const [paused, running] = scene.requests('StartRecording');
    expect(paused?.body).toMatchObject({ pauseOnStart: true });
    expect(running?.body).not.toHaveProperty('pauseOnStart');
  });

  test('without a callbackUrl no recordingStateCallbackUri is sent', async () => {
    await using scene = await openScene();
    const quiet = scene.another({ callbackUrl: undefined, callbackSecret: undefined });
    await quiet.doStart(scene.plan(), scene.context);
    expect(scene.requests('StartRecording')[0]?.body).not.toHaveProperty('recordingStateCallbackUri');
  });

  test('the reference participant gets channel 0, from the call or from the options', async () => {
    await using scene = await openScene();
    const pinned = [{ channel: 0, participant: { rawId: `4:${caller}` } }];
    const call = azureServerCall(scene.call.ids(), { reference: { phoneNumber: caller } });
    const first = await scene.driver.doStart(scene.plan({ call, output: separateWav }), scene.context);
    expect(scene.requests('StartRecording')[0]?.body).toMatchObject({ channelAffinity: pinned });
    expect(first.reports?.[0]?.seen.expects).toEqual([
      {
        role: 'master',
        container: 'wav',
        tracks: [
          {
            channel: 0,
            from: 'participant',
            participant: `4:${caller}`,
            relativeTo: scene.call.callConnectionId,
            offsetMs: 0,
            prompts: 'unknown',
          },
        ],
      },
    ]);
    await scene.driver.doStop(partOf(scene.plan(), first), command(2), scene.context);
    await scene.clock.advance(3_000);
    const providerOptions = { channels: [`4:${agent}`, `4:${caller}`] };
    await scene.driver.doStart(scene.plan({ output: separateWav, providerOptions }), scene.context);
    expect(scene.requests('StartRecording')[1]?.body).toMatchObject({
      channelAffinity: [
        { channel: 0, participant: { rawId: `4:${agent}` } },
        { channel: 1, participant: { rawId: `4:${caller}` } },
      ],
    });
  });
});

const room = '99199690362660524';

describe('what cannot be honoured is refused before anything is sent', () => {
  test.each<[string, (scene: Scene) => Parameters<Scene['plan']>[0], string, RegExp]>([
    [
      'another kind of call',
      () => ({ call: { kind: 'chime.meeting', provider: 'azure', key: 'm', data: {} } }),
      'unsupported',
      /cannot record a chime\.meeting.*azure\.group-call/,
    ],
    [
      'an illegal output',
      () => ({ output: { ...separateWav, container: 'mp3' } }),
      'unsupported',
      /audio\/separate\/mp3.*audio\/mixed\/wav/,
    ],
    ['a limit in time', () => ({ maxDurationMs: 1 }), 'unsupported', /maxDurationMs/],
    ['an unknown option', () => ({ providerOptions: { referense: 'x' } }), 'invalid-request', /did you mean reference/],
    ['a reference in a mix', () => ({ providerOptions: { reference: `4:${caller}` } }), 'invalid-request', /mixed/],
    [
      'no raw id',
      () => ({ output: separateWav, providerOptions: { reference: 'caller' } }),
      'invalid-request',
      /raw id/,
    ],
    [
      'two ways at once',
      () => ({ output: separateWav, providerOptions: { reference: `4:${caller}`, channels: [`4:${caller}`] } }),
      'invalid-request',
      /either/,
    ],
    [
      'six channels',
      () => ({ output: separateWav, providerOptions: { channels: ['4:+1', '4:+2', '4:+3', '4:+4', '4:+5', '4:+6'] } }),
      'invalid-request',
      /one to 5/,
    ],
    [
      'the same voice twice',
      () => ({ output: separateWav, providerOptions: { channels: ['4:+1', '4:+1'] } }),
      'invalid-request',
      /different/,
    ],
  ])('%s', async (_name, plan, code, message) => {
    await using scene = await openScene();
    const error = await rejection(scene.driver.doStart(scene.plan(plan(scene)), scene.context));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(scene.azure.requests()).toEqual([]);
  });

  test('all that is wrong with a start is told at once: as a mistake where one of it is one', async () => {
    await using scene = await openScene({ driver: { recordingStorage: undefined } });
    const plan = scene.plan({
      call: azureRoom(room),
      output: { ...separateWav, container: 'mp3' },
      maxDurationMs: 1,
      providerOptions: { ChannelAffinity: [], channels: ['agent'], recordingStorage: { location: 'a' } },
    });
    const error = await rejection(scene.driver.doStart(plan, scene.context));
    if (!OnRecordError.is(error, 'invalid-request')) throw error;
    expect((error.context['problems'] as readonly string[]).map((problem) => problem.split(':')[0])).toEqual([
      'providerOptions.ChannelAffinity',
      'providerOptions.channels.0',
      'providerOptions.recordingStorage.location',
      'call',
      'output',
      'maxDurationMs',
    ]);
    expect(scene.azure.requests()).toEqual([]);
  });

  test('a caller who has given up already', async () => {
    await using scene = await openScene();
    const context = { ...scene.context, signal: AbortSignal.abort() };
    const error = await rejection(scene.driver.doStart(scene.plan(), context));
    expect(scene.driver.classifyError(error)).toMatchObject({ code: 'aborted', retry: 'safe' });
    expect(scene.azure.requests()).toEqual([]);
  });
});
