import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compose, maxActions } from './compose.ts';
import { type Item, isRecordingAction } from './item.ts';

const leg = 'call-id-1';
const users = (Type: string): Item => ({ action: { Type, Parameters: { CallId: leg } } });
const start: Item = {
  action: { Type: 'StartCallRecording', Parameters: { CallId: leg } },
  own: { kind: 'start', session: 's', command: 'c', leg },
};
const pause: Item = {
  action: { Type: 'PauseCallRecording', Parameters: { CallId: leg } },
  own: { kind: 'pause', session: 's', command: 'd', leg },
};
const notice: Item = {
  action: { Type: 'Speak', Parameters: { CallId: leg } },
  own: { kind: 'announce', announcement: 'a', leg },
};
const types = (items: readonly Item[]) => items.map(({ action }) => action.Type);

describe('compose', () => {
  test.each<[string, readonly Item[], readonly string[], readonly string[]]>([
    ['nothing', [], [], []],
    ['only the user', [users('Speak'), users('Hangup')], ['Speak', 'Hangup'], []],
    [
      'a recording action is the last of its answer',
      [users('Speak'), start, users('CallAndBridge')],
      ['Speak', 'StartCallRecording'],
      ['CallAndBridge'],
    ],
    ['one recording action per answer', [start, pause], ['StartCallRecording'], ['PauseCallRecording']],
    [
      'a recording action of the user ends its list as well',
      [users('StartCallRecording'), users('Speak')],
      ['StartCallRecording'],
      ['Speak'],
    ],
    ['an announcement is reported by itself', [notice, users('CallAndBridge')], ['Speak'], ['CallAndBridge']],
    [
      'unless our recording action proves it',
      [notice, start, users('Hangup')],
      ['Speak', 'StartCallRecording'],
      ['Hangup'],
    ],
  ])('%s', (_, queue, list, rest) => {
    const composed = compose(queue);
    expect([types(composed.list), types(composed.rest)]).toEqual([list, rest]);
  });

  test('more than ten actions: the recording action keeps its place, the passed ones follow', () => {
    const many = Array.from({ length: 12 }, (_, index) => users(`User${index}`));
    const { list, rest } = compose([...many, start, users('After')]);
    expect(types(list)).toEqual([...types(many.slice(0, 9)), 'StartCallRecording']);
    expect(types(rest)).toEqual(['User9', 'User10', 'User11', 'After']);
  });

  const item = fc.constantFrom(users('Speak'), users('PlayAudio'), users('StartCallRecording'), start, pause, notice);

  test('every queue comes out whole, in lists the service takes, with at most one recording action, last', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), (queue) => {
        const lists: (readonly Item[])[] = [];
        for (let rest: readonly Item[] = queue; rest.length > 0; ) {
          const composed = compose(rest);
          expect(composed.list.length).toBeGreaterThan(0);
          lists.push(composed.list);
          rest = composed.rest;
        }
        const sorted = (items: readonly Item[]) => types(items).toSorted();
        expect(sorted(lists.flat())).toEqual(sorted(queue));
        for (const list of lists) {
          expect(list.length).toBeLessThanOrEqual(maxActions);
          expect(list.slice(0, -1).some(isRecordingAction)).toBe(false);
        }
        const recording = (items: readonly Item[]) => items.filter(isRecordingAction);
        expect(recording(lists.flat())).toEqual(recording(queue));
      }),
    );
  });
});
