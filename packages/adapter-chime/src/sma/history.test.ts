import { createRecorder } from '@onrecord/core';
import { wavHeader } from '@onrecord/core/media';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chimeSma } from '../control/driver.ts';
import { announceThenRecord, openSmaScene, receiveDigits, speak } from '../testing/sma-scene.ts';
import { unreliableStore } from '../testing/unreliable-store.ts';

/** What may happen on a call, one after the other. */
const happening = fc.oneof(
  fc.record({ what: fc.constantFrom('pause', 'resume'), by: fc.constantFrom('function', 'other process') }),
  fc.record({ what: fc.constantFrom('speak', 'play', 'message') }),
  fc.record({
    what: fc.constantFrom('answer lost', 'not invoked', 'store down', 'store well', 'new process', 'answer refused'),
  }),
  fc.record({ what: fc.constant('wait'), ms: fc.integer({ min: 100, max: 8_000 }) }),
);

const keys: { readonly [what: string]: string } = { pause: '1', resume: '2', speak: '3', play: '4', message: '5' };

const histories = Number(process.env['ONRECORD_HISTORIES'] ?? 60);

test(
  'whatever happens, a leg is started once, each command is done once, and the record tells what was done',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 14, size: 'max' }), async (history) => {
        const store = unreliableStore();
        let refuse = false;
        await using scene = await openSmaScene({
          store,
          onCall: announceThenRecord,
          ivr: (event, { turn, sessionIds }) => {
            const [session] = sessionIds;
            if (event.ActionData?.Type === 'StartCallRecording') return { after: [receiveDigits(event)] };
            if (event.InvocationEventType !== 'DIGITS_RECEIVED') return undefined;
            if (refuse) {
              refuse = false;
              return { before: ['no action' as never] };
            }
            const key = event.ActionData?.['ReceivedDigits'];
            if (key === '1' && session) turn.pause(session);
            if (key === '2' && session) turn.resume(session);
            if (key === '3') return { before: [speak(event, 'A sentence of the application')] };
            if (key === '5') {
              try {
                turn.start({ providerOptions: { message: { maxSeconds: 3 } } });
              } catch {
                // One is being spoken.
              }
              return undefined;
            }
            const CallId = event.CallDetails.Participants[0]!.CallId;
            const AudioSource = { Type: 'S3', BucketName: 'recordings', Key: 'prompt.wav' };
            return key === '4' ? { before: [{ Type: 'PlayAudio', Parameters: { CallId, AudioSource } }] } : undefined;
          },
        });
        scene.s3.put('recordings', 'prompt.wav', prompt, { contentType: 'audio/wav' });
        const driver = chimeSma({ ...scene.chime.clientConfig(), sipMediaApplicationId: scene.application.id });
        const other = createRecorder(driver, {
          store: store.inner,
          deployment: 'test',
          clock: scene.clock,
          worker: false,
        });
        const call = scene.dial();
        await scene.pass(10_000);
        const [id] = await store.inner.list();
        const session = await other.attach(id!);
        for (const step of history) {
          if ('ms' in step) await scene.pass(step.ms);
          else if (step.what === 'answer lost') fail(scene, 'drop-before-answer');
          else if (step.what === 'not invoked') fail(scene, 'drop-before-work');
          else if (step.what === 'answer refused') refuse = true;
          else if (step.what === 'store down') store.health = 'down';
          else if (step.what === 'store well') store.health = 'well';
          else if (step.what === 'new process') await scene.restart();
          else if ('by' in step && step.by === 'other process') {
            const asked =
              step.what === 'pause' ? session.pause({ until: 'accepted' }) : session.resume({ until: 'accepted' });
            asked.catch(() => {});
            await scene.pass(200);
          } else {
            call.press(keys[step.what] ?? '9').catch(() => {});
            // Keys that follow each other within a second are one entry.
            await scene.pass(1_500);
          }
        }
        store.health = 'well';
        await scene.pass(30_000);
        call.hangUp();
        await scene.pass(20_000);
        await check(scene, store.inner, history);
      }),
      { numRuns: histories },
    );
  },
  2_000 * histories,
);

async function check(
  scene: Awaited<ReturnType<typeof openSmaScene>>,
  store: ReturnType<typeof unreliableStore>['inner'],
  history: readonly { readonly what: string }[],
) {
  const done = scene.chime
    .invocations()
    .filter(({ event, outcome }) => outcome === 'answered' && event.InvocationEventType === 'ACTION_SUCCESSFUL')
    .map(({ event }) => event.ActionData?.Type ?? '');
  expect(done.filter((type) => type === 'StartCallRecording')).toHaveLength(1);
  const files = (id: string) => scene.s3.list('recordings', `calls/${id}`).filter(({ key }) => key.endsWith('.wav'));
  const all = await Promise.all((await store.list()).map((id) => store.load(id)));
  const [record, ...others] = all.filter((one) => one?.providerOptions === undefined);
  expect(others).toEqual([]);
  expect(files(record?.id ?? '')).toHaveLength(1);
  for (const message of all.filter((one) => one?.providerOptions !== undefined)) {
    const started = message?.snapshot.commands[0]?.state === 'confirmed';
    expect([message?.id, files(message?.id ?? '').length]).toEqual([message?.id, started ? 1 : 0]);
    // One that nobody told of before the call ended is still waited for.
    expect(message?.snapshot.state).toMatch(started ? /^completed$/ : /^(failed|processing)$/);
  }
  expect(record?.snapshot.endReason).toBe('call-ended');
  const confirmed =
    record?.snapshot.commands.filter(({ state }) => state === 'confirmed').map(({ kind }) => kind) ?? [];
  const told = changes(confirmed);
  const happened = changes(done.map((type) => type.replace('CallRecording', '').toLowerCase()));
  // While the store was away, another process may have put a command in the place of one that the function did then.
  if (history.some(({ what }) => what === 'store down')) {
    expect([told.at(-1), isWithin(told, happened)]).toEqual([happened.at(-1), true]);
  } else expect(told).toEqual(happened);
}

/** Whether all of `some` are in `all`, in that order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let found = 0;
  for (const one of all) if (one === some[found]) found += 1;
  return found === some.length;
}

/** Pauses and resumptions that had an effect: a resume of what is not paused has none, and may be in the record or not. */
function changes(kinds: readonly string[]): readonly string[] {
  let last = 'resume';
  return kinds.filter((kind) => {
    if ((kind !== 'pause' && kind !== 'resume') || kind === last) return false;
    last = kind;
    return true;
  });
}

/** One failed attempt of the next invocation: a second one would end the call, as it does in the service. */
function fail(scene: Awaited<ReturnType<typeof openSmaScene>>, fault: 'drop-before-answer' | 'drop-before-work') {
  const { lambdaFaults } = scene.chime;
  const repeated = scene.chime.invocations().filter(({ attempt, outcome }) => attempt > 1 && outcome === 'answered');
  const over = repeated.length === lambdaFaults.applied().length;
  if (over && lambdaFaults.pending() === 0) lambdaFaults.next({ fault });
}

const prompt = new Uint8Array([
  ...wavHeader({ sampleRate: 8_000, channelCount: 1 }, 16_000),
  ...new Uint8Array(32_000),
]);
