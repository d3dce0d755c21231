import { createRecorder, OnRecordError, type Session } from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { announceThenRecord, openSmaScene, type SceneOptions, type SmaScene, story } from '../testing/sma-scene.ts';
import { unreliableStore } from '../testing/unreliable-store.ts';
import { chimeSma } from './driver.ts';

/** A call that the function records, and a recorder of another process over the same store. */
async function openControlled(options: SceneOptions = {}) {
  const scene = await openSmaScene({ onCall: announceThenRecord, ...options });
  const driver = chimeSma({ ...scene.chime.clientConfig(), sipMediaApplicationId: scene.application.id });
  const recorder = createRecorder(driver, {
    store: scene.store,
    deployment: 'test',
    clock: scene.clock,
    worker: false,
  });
  const call = scene.dial();
  await scene.pass(20_000);
  return { scene, driver, recorder, call, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

async function attached({ scene, recorder }: Pick<Awaited<ReturnType<typeof openControlled>>, 'scene' | 'recorder'>) {
  const [id] = await scene.store.list();
  return recorder.attach(id!);
}

const settle = <T>(scene: SmaScene, work: Promise<T>) => scene.clock.until(work, 120_000);
const commands = async (session: Pick<Session, 'snapshot'>) =>
  (await session.snapshot()).commands.map(({ kind, state }) => `${kind} ${state}`);

describe('a command of another process', () => {
  test('travels by UpdateSipMediaApplicationCall, is done by the function, and confirmed through the shared store', async () => {
    await using control = await openControlled();
    const { scene } = control;
    const session = await attached(control);
    await settle(scene, session.pause());
    expect((await session.snapshot()).state).toBe('paused');
    await settle(scene, session.resume());
    await settle(scene, session.stop());
    expect(await commands(session)).toEqual([
      'start confirmed',
      'pause confirmed',
      'resume confirmed',
      'stop confirmed',
    ]);
    expect(story(scene).slice(2)).toEqual([
      'ACTION_SUCCESSFUL StartCallRecording → -',
      'CALL_UPDATE_REQUESTED CallUpdateRequest → PauseCallRecording',
      'ACTION_SUCCESSFUL PauseCallRecording → -',
      'CALL_UPDATE_REQUESTED CallUpdateRequest → ResumeCallRecording',
      'ACTION_SUCCESSFUL ResumeCallRecording → -',
      'CALL_UPDATE_REQUESTED CallUpdateRequest → StopCallRecording',
      'ACTION_SUCCESSFUL StopCallRecording → -',
    ]);
  });

  test('is done once, whoever repeats it', async () => {
    await using control = await openControlled();
    const { scene, call, driver } = control;
    const session = await attached(control);
    await settle(scene, session.pause());
    const sent = scene.chime.requests().at(-1)?.body as { readonly Arguments: Record<string, string> };
    scene.application.updateCall(call.transactionId, sent.Arguments);
    await scene.pass(1_000);
    await scene.restart();
    scene.application.updateCall(call.transactionId, sent.Arguments);
    await scene.pass(1_000);
    expect(story(scene).slice(-2)).toEqual([
      'CALL_UPDATE_REQUESTED CallUpdateRequest → -',
      'CALL_UPDATE_REQUESTED CallUpdateRequest → -',
    ]);
    expect(driver.type).toBe('chime-sma');
  });

  test('is not done again when a worker repeats one of the function itself', async () => {
    await using control = await openControlled();
    const { scene, call } = control;
    const [record] = await scene.records();
    const callId = String(record?.call.data['callId']);
    const repeated = { onrecord: record!.commands[0]!.id, op: 'start', session: record!.id, call: callId };
    scene.application.updateCall(call.transactionId, repeated);
    await scene.pass(1_000);
    expect(story(scene).at(-1)).toBe('CALL_UPDATE_REQUESTED CallUpdateRequest → -');
  });

  test('whose answer is lost is done once, and not sent again once the function has written it down', async () => {
    await using control = await openControlled();
    const { scene } = control;
    const session = await attached(control);
    scene.chime.faults.next({ match: 'UpdateSipMediaApplicationCall', fault: 'drop-before-answer' });
    await settle(scene, session.pause());
    await scene.pass(5_000);
    expect(scene.chime.requests().map(({ operation, delivered }) => [operation, delivered])).toEqual([
      ['UpdateSipMediaApplicationCall', false],
    ]);
    expect(story(scene).filter((line) => line.endsWith('→ PauseCallRecording'))).toHaveLength(1);
  });

  test('is taken at its word while the store of the function is down', async () => {
    const store = unreliableStore();
    await using control = await openControlled({ store });
    const { scene } = control;
    const session = await attached(control);
    const pause = session.pause({ until: 'accepted' });
    await settle(scene, pause);
    store.health = 'down';
    await scene.pass(1_000);
    expect(story(scene).at(-1)).toBe('ACTION_SUCCESSFUL PauseCallRecording → -');
  });

  test('that was given up meanwhile is not done: whoever asked was told so', async () => {
    await using control = await openControlled();
    const { scene } = control;
    const session = await attached(control);
    scene.chime.lambdaFaults.next({ match: 'CALL_UPDATE_REQUESTED', fault: { delayMs: 4_900 } });
    const recorder = createRecorder(
      chimeSma({ ...scene.chime.clientConfig(), sipMediaApplicationId: scene.application.id }),
      {
        store: scene.store,
        deployment: 'test',
        clock: scene.clock,
        worker: false,
        deadlines: { pause: 2_000 },
      },
    );
    const hasty = await recorder.attach(session.id);
    await expect(settle(scene, hasty.pause())).rejects.toMatchObject({ code: 'timeout' });
    await scene.pass(10_000);
    expect(story(scene).at(-1)).toBe('CALL_UPDATE_REQUESTED CallUpdateRequest → -');
    expect((await session.snapshot()).state).toBe('recording');
  });

  test('to a call that is over: a stop is done, a pause is refused', async () => {
    await using control = await openControlled();
    const { scene, call, driver } = control;
    const [record] = await scene.records();
    call.hangUp();
    await scene.pass(5_000);
    const part = {
      sessionId: record!.id,
      partId: 'p1',
      correlation: `${record!.id}.p1`,
      call: record!.call,
      output: record!.output,
    };
    const command = { commandId: 'c', ordinal: 9, token: 't', firstSentAt: '' };
    const context = { signal: AbortSignal.timeout(5_000), clock: scene.clock };
    expect(await driver.doStop(part, command, context)).toMatchObject({
      kind: 'done',
      reports: [{ seen: { ended: true, endReason: 'call-ended' } }],
    });
    const error = await driver.doPause(part, command, context).catch((thrown: unknown) => thrown);
    expect(driver.classifyError(error)).toMatchObject({ code: 'not-found', retry: 'never' });
  });
});

describe('a start from another process', () => {
  /** A function that answers the call and records nothing by itself. */
  const answering: SceneOptions = {
    onCall: () => {},
    ivr: (event) =>
      event.InvocationEventType === 'NEW_INBOUND_CALL'
        ? {
            before: [
              { Type: 'Speak', Parameters: { CallId: event.CallDetails.Participants[0]!.CallId, Text: 'Hello' } },
            ],
          }
        : undefined,
  };

  test('whose answer is lost is found by sending it again: the function does it once', async () => {
    await using control = await openControlled(answering);
    const { scene, recorder, driver, call } = control;
    scene.chime.faults.next({ match: 'UpdateSipMediaApplicationCall', fault: 'drop-before-answer' });
    const session = await settle(scene, recorder.start({ call: scene.notices[0]!.call }));
    const sent = scene.chime.requests().at(-1)?.body as { readonly Arguments: Record<string, string> };
    await scene.restart();
    scene.application.updateCall(call.transactionId, sent.Arguments);
    await scene.pass(1_000);
    expect(driver.capabilities.lookup).toBe('token');
    expect(story(scene).filter((line) => line.endsWith('→ StartCallRecording'))).toHaveLength(1);
    expect(story(scene).at(-1)).toBe('CALL_UPDATE_REQUESTED CallUpdateRequest → -');
    expect((await session.snapshot()).state).toBe('recording');
  });

  test('is done by the function, and expected under the prefix of its session', async () => {
    await using control = await openControlled(answering);
    const { scene, recorder } = control;
    const call = scene.notices[0]!.call;
    const session = await settle(
      scene,
      recorder.start({ call, output: { media: 'audio', layout: 'outgoing', container: 'wav' } }),
    );
    const start = scene.turns.at(-2)?.answer.Actions?.[0];
    expect(start).toMatchObject({
      Type: 'StartCallRecording',
      Parameters: { Track: 'OUTGOING', Destination: { Location: `recordings/calls/${session.id}` } },
    });
    expect((await session.snapshot()).state).toBe('recording');
  });

  test('on a leg that the function records already is refused', async () => {
    await using control = await openControlled();
    const { scene, recorder } = control;
    const error = await settle(
      scene,
      recorder.start({ call: scene.notices[0]!.call, idempotencyKey: 'mine' }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      ),
    );
    expect(OnRecordError.is(error)).toBe(true);
    expect(story(scene).filter((line) => line.endsWith('→ StartCallRecording'))).toHaveLength(1);
  });
});

test('an announcement of another process is played, and told to the flow with its id', async () => {
  await using control = await openControlled();
  const { scene, recorder } = control;
  const id = await settle(scene, recorder.announce(scene.notices[0]!.call, { text: 'Your call is now in the queue.' }));
  await scene.pass(10_000);
  expect(scene.notices.at(-1)).toMatchObject({ type: 'call.announced', announcementId: id });
});

test('wrong options are one error that lists every problem', () => {
  const wrong = { region: 'mars', endpoint: 'x', sipMediaApplication: 'typo' } as never;
  expect(() => chimeSma(wrong)).toThrow(/no such option[\s\S]*region: [\s\S]*endpoint: /);
});
