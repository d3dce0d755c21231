import { describe, expect, test } from 'vitest';
import type { Item, Own } from './item.ts';
import { type OnCutOff, planAnswer, type Wishes } from './plan-answer.ts';
import type { Lists } from './settle.ts';

const leg = 'call-id-1';
const users = (Type: string): Item => ({ action: { Type, Parameters: { CallId: leg } } });
const own = (kind: Extract<Own, { command: string }>['kind'], session = 's'): Item => ({
  action: { Type: `${kind[0]!.toUpperCase()}${kind.slice(1)}CallRecording`, Parameters: { CallId: leg } },
  own: { kind, session, command: `${session}-${kind}`, leg },
});
const notice: Item = {
  action: { Type: 'Speak', Parameters: { CallId: leg } },
  own: { kind: 'announce', announcement: 'a', leg },
};
const types = (items: readonly Item[] | undefined) => items?.map(({ action }) => action.Type);

function plan(
  lists: Partial<Lists>,
  wishes: Partial<Wishes>,
  options: { answerable?: boolean; onCutOff?: OnCutOff; overdue?: boolean } = {},
) {
  return planAnswer(
    { running: [], cut: [], queue: [], ...lists },
    { before: [], own: [], after: [], ...wishes },
    { answerable: true, onCutOff: 'replay', ...options },
  );
}

describe('the answer', () => {
  test('is before, one recording action, and after for later', () => {
    const { list, lists } = plan(
      {},
      { before: [users('PlayAudio')], own: [own('start')], after: [users('CallAndBridge')] },
    );
    expect(types(list)).toEqual(['PlayAudio', 'StartCallRecording']);
    expect(types(lists.queue)).toEqual(['CallAndBridge']);
  });

  test('has no actions when there is nothing to do, so that the running list goes on', () => {
    expect(plan({}, {}).list).toBeUndefined();
    expect(plan({ running: [users('Speak')] }, {}).list).toBeUndefined();
  });

  test('continues what waits when nothing runs', () => {
    expect(types(plan({ queue: [users('CallAndBridge')] }, {}).list)).toEqual(['CallAndBridge']);
  });

  test('to an event whose answer is ignored keeps our actions for the next', () => {
    const { list, lists } = plan(
      { queue: [users('Hangup')] },
      { before: [users('Speak')], own: [own('stop')] },
      { answerable: false },
    );
    expect(list).toBeUndefined();
    expect(types(lists.queue)).toEqual(['StopCallRecording', 'Hangup']);
  });

  test('never replaces a list that holds an action of ours: the new one waits', () => {
    const { list, lists } = plan(
      { running: [own('start')], queue: [users('Hangup')] },
      { before: [users('Speak')], own: [own('pause')] },
    );
    expect(list).toBeUndefined();
    expect(types(lists.queue)).toEqual(['PauseCallRecording', 'Hangup', 'Speak']);
  });

  test('does not wait for ever: an overdue list is given up', () => {
    expect(types(plan({ running: [own('pause')] }, { own: [own('resume')] }, { overdue: true }).list)).toEqual([
      'ResumeCallRecording',
    ]);
  });
});

describe('a stop', () => {
  test('overtakes the commands of its own session, and drops those that wait', () => {
    const { list, lists } = plan(
      { running: [own('pause')], queue: [own('resume'), users('Hangup')] },
      { own: [own('stop')] },
    );
    expect(types(list)).toEqual(['StopCallRecording']);
    expect(types(lists.queue)).toEqual(['Hangup']);
    expect(lists.cut).toEqual([]);
  });

  test('overtakes an announcement, which is played again after it', () => {
    const { list, lists } = plan({ running: [notice] }, { own: [own('stop')] });
    expect(types(list)).toEqual(['StopCallRecording']);
    expect(lists.cut).toEqual([notice]);
  });

  test('is not repeated while another one of its session is on its way', () => {
    expect(plan({ running: [own('stop')] }, { own: [own('stop')] })).toMatchObject({
      list: undefined,
      lists: { queue: [] },
    });
    expect(types(plan({ queue: [own('stop')] }, { own: [own('stop')] }).list)).toEqual(['StopCallRecording']);
  });

  test('waits for the commands of another session', () => {
    expect(plan({ running: [own('start', 'other')] }, { own: [own('stop')] }).list).toBeUndefined();
  });
});

describe('a command from outside cuts the running list', () => {
  const running = [users('PlayAudio'), users('Hangup')];

  test('replay: it comes back', () => {
    const { list, lists, blockedBy } = plan({ running, queue: [users('Speak')] }, { own: [own('pause')] });
    expect(types(list)).toEqual(['PauseCallRecording']);
    expect(lists.cut).toEqual(running);
    expect(types(lists.queue)).toEqual(['Speak']);
    expect(blockedBy).toBe('Hangup');
  });

  test('drop: it does not', () => {
    expect(plan({ running }, { own: [own('pause')] }, { onCutOff: 'drop' }).lists.cut).toEqual([]);
  });

  test('ask: what the application answers stands in its place', () => {
    const { lists } = plan(
      { running },
      { own: [own('pause')], after: [users('JoinChimeMeeting')] },
      { onCutOff: 'ask' },
    );
    expect(lists.cut).toEqual([]);
    expect(types(lists.queue)).toEqual(['JoinChimeMeeting']);
  });
});
