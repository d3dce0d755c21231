import { describe, expect, test } from 'vitest';
import { announceThenRecord, openSmaScene, speak, story } from '../testing/sma-scene.ts';

const newCall = 'NEW_INBOUND_CALL';

describe('what the application answers', () => {
  test('more than ten actions are spread over several answers, the recording action keeps its place', async () => {
    await using scene = await openSmaScene({
      onCall: (notice, turn) => void (notice.type === 'call.connected' && turn.start()),
      ivr: (event) =>
        event.InvocationEventType === newCall
          ? { before: Array.from({ length: 12 }, (_, index) => speak(event, `Part ${index}`)) }
          : undefined,
    });
    scene.dial();
    await scene.pass(30_000);
    expect(scene.turns.map(({ answer }) => answer.Actions?.length)).toEqual([10, 3, undefined]);
    expect(scene.turns[0]?.answer.Actions?.at(-1)?.Type).toBe('StartCallRecording');
    expect(scene.turns[1]?.answer.Actions?.map(({ Parameters }) => Parameters?.['Text'])).toEqual([
      'Part 9',
      'Part 10',
      'Part 11',
    ]);
    expect(scene.logs).toMatchObject([{ level: 'error', fields: { err: { code: 'invalid-request' } } }]);
  });

  test('its attributes replace its own and never ours; {} clears only its own', async () => {
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event) => {
        if (event.InvocationEventType === newCall) return { attributes: { customer: '42' } };
        return event.ActionData?.Type === 'StartCallRecording' ? { attributes: {} } : undefined;
      },
    });
    scene.dial();
    await scene.pass(10_000);
    const names = scene.turns.map(({ answer }) => Object.keys(answer.TransactionAttributes ?? {}));
    expect(names).toEqual([['customer', 'onrecord'], ['customer', 'onrecord'], ['onrecord']]);
    const ours = scene.turns.map(({ answer }) => answer.TransactionAttributes?.['onrecord']?.length ?? 0);
    expect(Math.max(...ours)).toBeLessThanOrEqual(2_000);
  });

  test.each([
    ['ten pairs', Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`key${index}`, 'v']))],
    ['more than 20 KB', { big: 'x'.repeat(21_000) }],
    ['our own name', { onrecord: 'mine' }],
  ])('attributes that the service would refuse are refused before: %s', async (_, attributes) => {
    await using scene = await openSmaScene({ onCall: announceThenRecord, ivr: () => ({ attributes }) });
    scene.dial();
    await scene.pass(10_000);
    expect(story(scene).some((line) => line.startsWith('INVALID'))).toBe(false);
    expect(scene.logs[0]).toMatchObject({ level: 'error', fields: { err: { code: 'invalid-request' } } });
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
  });
});

describe('a workflow that misbehaves', () => {
  test.each([
    ['a recording that starts paused', { startPaused: true }],
    ['a pause that is cut out', { pauseEffect: 'omitted' }],
    ['a container that legs do not have', { output: { media: 'audio', layout: 'mixed', container: 'mp3' } }],
  ] as const)('%s is refused before an action is made of it', async (_, request) => {
    const errors: unknown[] = [];
    await using scene = await openSmaScene({
      onCall(notice, turn) {
        if (notice.type !== 'call.connected') return;
        try {
          turn.start(request);
        } catch (error) {
          errors.push(error);
        }
      },
    });
    scene.dial();
    await scene.pass(5_000);
    expect(errors[0]).toMatchObject({ code: 'unsupported' });
    expect(JSON.stringify(scene.turns)).not.toContain('StartCallRecording');
  });

  test('a flow that throws loses what it had not asked for, not the call', async () => {
    await using scene = await openSmaScene({
      onCall: async (notice, turn) => {
        await announceThenRecord(notice, turn);
        throw new Error('a bug');
      },
    });
    scene.dial();
    await scene.pass(10_000);
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
    expect(scene.logs.every(({ message }) => message.includes('flow threw'))).toBe(true);
  });

  test('a flow and an ivr that never come back do not keep the answer', async () => {
    await using scene = await openSmaScene({
      onCall: async (notice, turn) => {
        await announceThenRecord(notice, turn);
        await new Promise(() => {});
      },
      ivr: () => new Promise(() => {}),
    });
    scene.dial();
    await scene.pass(20_000);
    expect((await scene.records())[0]?.snapshot.state).toBe('recording');
    expect(scene.chime.invocations().every(({ outcome }) => outcome === 'answered')).toBe(true);
  });

  test('a turn that is used after its answer throws', async () => {
    const late: unknown[] = [];
    await using scene = await openSmaScene({
      onCall: (notice, turn) => {
        if (notice.type !== 'call.connected') return;
        setImmediate(() => {
          setImmediate(() => {
            try {
              turn.announce({ text: 'Too late' });
            } catch (error) {
              late.push(error);
            }
          });
        });
      },
    });
    scene.dial();
    await scene.pass(1_000);
    expect(late).toMatchObject([{ code: 'invalid-state' }]);
  });
});
