import type { StartPlan } from '@onrecord/core';
import { azureFaults } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { caller, command, mixedWav, openScene, partOf, poll, rejection, separateWav, watch } from './testing/scene.ts';

describe('start once', () => {
  test('another process repeats the same request and gets the same recording', async () => {
    await using scene = await openScene();
    const starts = watch(scene);
    const plan = scene.plan();
    const first = await scene.driver.doStart(plan, scene.context);
    const again = await scene.another().doStart(plan, scene.context);
    expect(again).toEqual(first);
    const repeatability = starts.map(({ headers }) => [
      headers['repeatability-request-id'],
      headers['repeatability-first-sent'],
    ]);
    expect(repeatability).toEqual(Array(2).fill([plan.command.token, 'Mon, 05 Jan 2026 09:00:01 GMT']));
    await scene.clock.advance(3_000);
    expect(scene.reports().map(({ seen }) => seen.capturing)).toEqual([true]);
  });

  test.each<[string, Partial<StartPlan>]>([
    ['a plain start', {}],
    [
      'one with channels and a container of its own',
      {
        output: separateWav,
        startPaused: true,
        providerOptions: {
          channelAffinity: [{ channel: 1, targetParticipant: { phoneNumber: caller } }],
          recordingStorage: { location: 'tenant a' },
        },
      },
    ],
    [
      'one with an order of channels',
      { output: separateWav, providerOptions: { audioChannelParticipantOrdering: [`4:${caller}`, '8:acs:a_b'] } },
    ],
  ])(
    'another process repeats it byte for byte, Repeatability-Request-ID and Repeatability-First-Sent included: %s',
    async (_name, more) => {
      const containerUrl = 'https://contoso.blob.core.windows.net/recordings';
      await using scene = await openScene({ driver: { recordingStorage: { containerUrl } } });
      const starts = watch(scene);
      const plan = scene.plan(more);
      const first = await scene.driver.doStart(plan, scene.context);
      // What another process knows of the start is what the record kept of it, which is JSON.
      const kept: StartPlan = JSON.parse(JSON.stringify(plan));
      const again = await scene.another().doStart(kept, scene.context);
      expect(again).toEqual(first);
      const fixed = ['repeatability-request-id', 'repeatability-first-sent', 'x-ms-content-sha256', 'content-type'];
      const [one, other] = starts.map(({ method, url, headers }) => [
        method,
        url,
        ...fixed.map((name) => headers[name]),
      ]);
      expect(one).toEqual(other);
      expect(one).not.toContain(undefined);
      expect(scene.requests('StartRecording').map(({ status }) => status)).toEqual([200, 200]);
    },
  );

  test('a token that is no version 4 UUID becomes one, always the same', async () => {
    await using scene = await openScene();
    const starts = watch(scene);
    const plan = scene.plan({ command: { ...command(1), token: 'turn/7' } });
    await scene.driver.doStart(plan, scene.context);
    await scene.another().doStart(plan, scene.context);
    const ids = starts.map(({ headers }) => headers['repeatability-request-id']);
    expect(new Set(ids).size).toBe(1);
    expect(scene.requests('StartRecording').map(({ status }) => status)).toEqual([200, 200]);
  });

  test('a lost answer is found by the token, and the SDK does not hide that it was lost', async () => {
    await using scene = await openScene();
    scene.azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer' });
    const plan = scene.plan();
    const error = await rejection(scene.driver.doStart(plan, scene.context));
    expect(scene.driver.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'only-with-same-key' });
    expect(scene.requests('StartRecording')).toHaveLength(1);
    const found = await scene.driver.doStart(plan, scene.context);
    await scene.clock.advance(3_000);
    expect(scene.reports()).toMatchObject([{ seen: { capturing: true, handle: found.handle } }]);
  });

  test('an abort on the way may have been executed', async () => {
    await using scene = await openScene();
    const caller = new AbortController();
    scene.azure.faults.next({
      match: (call) => {
        caller.abort();
        return call.operation === 'StartRecording';
      },
      fault: { delayMs: 1_000 },
    });
    const error = await rejection(scene.driver.doStart(scene.plan(), { ...scene.context, signal: caller.signal }));
    expect(scene.driver.classifyError(error)).toMatchObject({ code: 'aborted', retry: 'only-with-same-key' });
  });

  test.each(['8553', '8559'] as const)('another recording of the call is a conflict (%s)', async (duplicateStart) => {
    await using scene = await openScene({ resource: { behaviour: { duplicateStart } } });
    await scene.recording();
    const error = await rejection(scene.driver.doStart(scene.plan(), scene.context));
    expect(scene.driver.classifyError(error)).toMatchObject({
      code: 'conflict',
      retry: 'exhausted',
      providerCode: duplicateStart,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});

describe('202 is no recording yet', () => {
  test('an answer without an id is accepted all the same', async () => {
    await using scene = await openScene();
    const answer = { status: 202, headers: { 'content-type': 'application/json' }, body: '{}' };
    scene.azure.faults.next({ match: 'StartRecording', fault: answer });
    const outcome = await scene.driver.doStart(scene.plan(), scene.context);
    expect(outcome.kind).toBe('accepted');
    expect(outcome).not.toHaveProperty('handle');
    const part = partOf(scene.plan(), outcome);
    expect(await scene.driver.doStatus(part, poll(1), scene.context)).toEqual([]);
    const error = await rejection(scene.driver.doStop(part, command(2), scene.context));
    expect(error).toMatchObject({ code: 'invalid-state', message: expect.stringContaining('recordingId') });
  });

  test('accepted; active only when a callback or a question says so', async () => {
    await using scene = await openScene({ resource: { behaviour: { startStatus: 202 } } });
    const plan = scene.plan();
    const outcome = await scene.driver.doStart(plan, scene.context);
    expect(outcome.kind).toBe('accepted');
    const part = partOf(plan, outcome);
    expect(await scene.driver.doStatus(part, poll(1), scene.context)).toMatchObject([{ seen: { capturing: false } }]);
    await scene.clock.advance(3_000);
    expect(await scene.driver.doStatus(part, poll(1), scene.context)).toMatchObject([
      {
        subject: { correlation: plan.correlation },
        seen: { capturing: true },
        cause: { asOfOrdinal: 1 },
        clock: { domain: 'none' },
        via: 'poll',
      },
    ]);
  });

  test('StartRecordingFailed refuses the start by its command', async () => {
    await using scene = await openScene();
    scene.azure.failNextStart({ code: 403, subCode: 7504, message: 'Insufficient application permissions.' });
    const plan = scene.plan();
    await scene.driver.doStart(plan, scene.context);
    await scene.clock.advance(3_000);
    expect(scene.reports()).toMatchObject([
      {
        subject: { correlation: plan.correlation },
        seen: {
          capturing: false,
          ended: true,
          endReason: 'permission-denied',
          refused: {
            code: 'permission-denied',
            message: expect.stringMatching(/^403\/7504 Insufficient application permissions\./),
          },
        },
        cause: { commandId: plan.command.commandId },
      },
    ]);
  });
});

describe('refusals', () => {
  test('before the call is connected', async () => {
    await using scene = await openScene({ resource: { behaviour: { connectMs: 60_000 } } });
    const error = await rejection(scene.driver.doStart(scene.plan(), scene.context));
    expect(scene.driver.classifyError(error)).toMatchObject({
      code: 'invalid-state',
      providerCode: '8501',
      remedy: expect.stringContaining('call.connected'),
    });
  });

  test('throttling says how long to wait', async () => {
    await using scene = await openScene();
    scene.azure.faults.next({ match: 'StartRecording', fault: azureFaults.throttled(7) });
    scene.azure.faults.next({ match: 'StartRecording', fault: azureFaults.throttled() });
    const errors = [
      await rejection(scene.driver.doStart(scene.plan(), scene.context)),
      await rejection(scene.driver.doStart(scene.plan(), scene.context)),
    ].map((error) => scene.driver.classifyError(error));
    expect(errors).toMatchObject([
      { code: 'rate-limited', retry: 'safe', retryAfterMs: 7_000 },
      { code: 'rate-limited', retry: 'safe' },
    ]);
    expect(errors[1]).not.toHaveProperty('retryAfterMs');
  });

  test('an error of the server may come after the work', async () => {
    await using scene = await openScene();
    scene.azure.faults.next({ match: 'StartRecording', fault: azureFaults.serverError() });
    const error = await rejection(scene.driver.doStart(scene.plan(), scene.context));
    expect(scene.driver.classifyError(error)).toMatchObject({
      code: 'unavailable',
      retry: 'only-with-same-key',
      providerCode: '9999',
    });
  });

  test('a wrong key is told as such, and no message shows one', async () => {
    await using scene = await openScene();
    const accessKey = Buffer.from('not the key of this resource').toString('base64');
    const stranger = scene.another({
      connectionString: undefined,
      endpoint: scene.azure.endpoint,
      credential: { accessKey },
    });
    const error = await rejection(stranger.doStart(scene.plan({ output: mixedWav }), scene.context));
    const judged = stranger.classifyError(error);
    expect(judged).toMatchObject({ code: 'unauthenticated', retry: 'never', blame: 'caller' });
    expect(JSON.stringify(judged)).not.toContain(accessKey);
  });
});
