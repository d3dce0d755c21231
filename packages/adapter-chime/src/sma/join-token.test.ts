import { describe, expect, test } from 'vitest';
import { announceThenRecord, openSmaScene } from '../testing/sma-scene.ts';
import { spyingStore } from '../testing/unreliable-store.ts';
import type { SmaAction } from './index.ts';

const newCall = 'NEW_INBOUND_CALL';

describe('a join token', () => {
  const token = 'join-token-that-nobody-may-see';
  const join = (): SmaAction => ({ Type: 'JoinChimeMeeting', Parameters: { JoinToken: token, MeetingId: 'm' } });

  test('is in the answer and nowhere else, also when its action has to wait', async () => {
    const { store, written } = spyingStore();
    await using scene = await openSmaScene({
      store,
      onCall: announceThenRecord,
      ivr: (event) => (event.InvocationEventType === newCall ? { after: [join()] } : undefined),
    });
    scene.dial();
    await scene.pass(10_000);
    const answers = JSON.stringify(scene.turns.map(({ answer }) => answer.Actions));
    expect(answers).toContain(token);
    expect(written()).not.toContain(token);
    expect(JSON.stringify(scene.turns.map(({ answer }) => answer.TransactionAttributes))).not.toContain(token);
  });

  test('that died with its process is asked for again', async () => {
    const lost: (readonly SmaAction[])[] = [];
    await using scene = await openSmaScene({
      onCall: announceThenRecord,
      ivr: (event, context) => {
        if (context.lost.length > 0) {
          lost.push(context.lost);
          return { after: [join()] };
        }
        return event.InvocationEventType === newCall ? { after: [join()] } : undefined;
      },
    });
    scene.dial();
    await scene.pass(500);
    await scene.restart();
    await scene.pass(10_000);
    expect(lost).toEqual([[{ Type: 'JoinChimeMeeting', Parameters: { MeetingId: 'm' } }]]);
    expect(
      scene.turns.some(({ answer }) => answer.Actions?.some(({ Parameters }) => Parameters?.['JoinToken'] === token)),
    ).toBe(true);
  });
});
