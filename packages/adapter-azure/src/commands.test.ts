import type { PartTarget } from '@onrecord/core';
import { azureFaults } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { command, openScene, poll, rejection, type Scene } from './testing/scene.ts';

async function seen(scene: Scene, part: PartTarget) {
  const [report] = await scene.driver.doStatus(part, poll(1), scene.context);
  return report?.seen;
}

describe('pause and resume', () => {
  test('are accepted at once and seen later, by question and by callback', async () => {
    await using scene = await openScene();
    const part = await scene.recording();
    expect(await seen(scene, part)).toEqual({ capturing: true });
    expect(await scene.driver.doPause(part, command(2), scene.context)).toEqual({ kind: 'accepted' });
    expect(await seen(scene, part)).toEqual({ capturing: true });
    await scene.clock.advance(3_000);
    expect(await seen(scene, part)).toEqual({ capturing: false });
    expect(await scene.driver.doResume(part, command(3), scene.context)).toEqual({ kind: 'accepted' });
    await scene.clock.advance(3_000);
    expect(await seen(scene, part)).toEqual({ capturing: true });
    expect(scene.reports().map((report) => [report.seen.capturing, report.seen.ended])).toEqual([
      [true, undefined],
      [false, undefined],
      [true, undefined],
    ]);
  });

  test('a second command before the first has settled is refused by 8571, to be sent again', async () => {
    await using scene = await openScene({ resource: { behaviour: { overlappingCommands: 'conflict' } } });
    const part = await scene.recording();
    await scene.driver.doPause(part, command(2), scene.context);
    const error = await rejection(scene.driver.doPause(part, command(3), scene.context));
    expect(scene.driver.classifyError(error)).toMatchObject({ code: 'conflict', retry: 'safe', providerCode: '8571' });
  });

  test.each(['PauseRecording', 'ResumeRecording', 'StopRecording', 'GetRecordingProperties'])(
    'a lost answer to %s may be asked for again',
    async (operation) => {
      await using scene = await openScene();
      const part = await scene.recording();
      scene.azure.faults.next({ match: operation, fault: 'drop-before-answer' });
      const requests = {
        PauseRecording: () => scene.driver.doPause(part, command(2), scene.context),
        ResumeRecording: () => scene.driver.doResume(part, command(2), scene.context),
        StopRecording: () => scene.driver.doStop(part, command(2), scene.context),
        GetRecordingProperties: () => scene.driver.doStatus(part, poll(2), scene.context),
      };
      const request = requests[operation as keyof typeof requests];
      const error = await rejection(request());
      expect(scene.driver.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'safe' });
      await request();
      expect(scene.requests(operation)).toHaveLength(2);
    },
  );
});

describe('stop', () => {
  test('is accepted, and proven when the service no longer knows the recording', async () => {
    await using scene = await openScene();
    const part = await scene.recording();
    const stop = command(2);
    expect(await scene.driver.doStop(part, stop, scene.context)).toMatchObject({
      kind: 'accepted',
      reports: [{ seen: { endReason: 'requested' }, cause: { commandId: stop.commandId } }],
    });
    await scene.clock.advance(3_000);
    expect(await seen(scene, part)).toEqual({ capturing: false, ended: true });
  });

  test('of what is over already is done', async () => {
    await using scene = await openScene();
    const part = await scene.recording();
    await scene.driver.doStop(part, command(2), scene.context);
    await scene.clock.advance(3_000);
    const again = command(3);
    expect(await scene.driver.doStop(part, again, scene.context)).toMatchObject({
      kind: 'done',
      reports: [
        {
          subject: { correlation: part.correlation },
          seen: { ended: true },
          cause: { commandId: again.commandId },
          via: 'answer',
        },
      ],
    });
  });

  test('after the end of the call is done', async () => {
    await using scene = await openScene();
    const part = await scene.recording();
    scene.call.end();
    await scene.clock.advance(1_000);
    expect(await scene.driver.doStop(part, command(2), scene.context)).toMatchObject({ kind: 'done' });
    expect(await seen(scene, part)).toMatchObject({ ended: true });
  });

  test.each([
    ['8528', 'Call is terminated.'],
    ['8543', 'Call does not exist.'],
  ])('told %s, it knows that the call is over', async (code, message) => {
    await using scene = await openScene();
    const part = await scene.recording();
    const body = JSON.stringify({ error: { code, message } });
    const answer = { status: 400, headers: { 'content-type': 'application/json' }, body };
    scene.azure.faults.next({ match: 'StopRecording', fault: answer });
    scene.azure.faults.next({ match: 'GetRecordingProperties', fault: answer });
    const over = { ended: true, endReason: 'call-ended' };
    expect(await scene.driver.doStop(part, command(2), scene.context)).toMatchObject({ reports: [{ seen: over }] });
    expect(await seen(scene, part)).toEqual({ capturing: false, ...over });
  });
});

test.each(['StartRecording', 'PauseRecording', 'ResumeRecording', 'StopRecording', 'Play'])(
  'a yes in other words to %s is a yes',
  async (operation) => {
    await using scene = await openScene();
    const part = await scene.recording();
    const requests = {
      StartRecording: () => scene.driver.doStart(scene.plan(), scene.context),
      PauseRecording: () => scene.driver.doPause(part, command(2), scene.context),
      ResumeRecording: () => scene.driver.doResume(part, command(2), scene.context),
      StopRecording: () => scene.driver.doStop(part, command(2), scene.context),
      Play: () => scene.driver.doAnnounce(scene.ref, { text: 'x' }, { announcementId: 'a' }, scene.context),
    };
    for (const status of [200, 202, 204]) {
      scene.azure.faults.next({ match: operation, fault: { status } });
      await requests[operation as keyof typeof requests]();
    }
    expect(scene.azure.faults.pending()).toBe(0);
  },
);

describe('status', () => {
  test('a 404 that does not come from the service proves nothing', async () => {
    await using scene = await openScene();
    const part = await scene.recording();
    const page = { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>proxy</html>' };
    scene.azure.faults.next({ match: 'GetRecordingProperties', fault: page });
    const error = await rejection(scene.driver.doStatus(part, poll(1), scene.context));
    expect(scene.driver.classifyError(error)).toMatchObject({
      code: 'not-found',
      message: 'Azure answered 404, without an error body.',
    });
  });

  test('a state that the service may add one day is no observation', async () => {
    await using scene = await openScene();
    const part = await scene.recording();
    const body = JSON.stringify({ recordingId: 'x', recordingState: 'archiving' });
    const answer = { status: 200, headers: { 'content-type': 'application/json' }, body };
    scene.azure.faults.next({ match: 'GetRecordingProperties', fault: answer });
    expect(await scene.driver.doStatus(part, poll(1), scene.context)).toEqual([]);
  });

  test('an error of the server may be repeated', async () => {
    await using scene = await openScene();
    const part = await scene.recording();
    scene.azure.faults.next({ match: 'GetRecordingProperties', fault: azureFaults.serverError() });
    const error = await rejection(scene.driver.doStatus(part, poll(1), scene.context));
    expect(scene.driver.classifyError(error)).toMatchObject({ code: 'unavailable', retry: 'safe' });
  });
});

test('startPaused captures nothing until it is resumed', async () => {
  await using scene = await openScene();
  const part = await scene.recording({ startPaused: true });
  expect(await seen(scene, part)).toEqual({ capturing: false });
  await scene.driver.doResume(part, command(2), scene.context);
  await scene.clock.advance(3_000);
  expect(await seen(scene, part)).toEqual({ capturing: true });
});
