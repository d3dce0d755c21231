import { describe, expect, test } from 'vitest';
import { judgeActionError } from '../action-error.ts';
import type { SmaEvent } from '../event/sma-event.ts';
import type { Item } from './item.ts';
import { type Lists, settle } from './settle.ts';

const leg = 'call-id-1';
const users = (Type: string, CallId = leg): Item => ({ action: { Type, Parameters: { CallId } } });
const own = (kind: 'start' | 'pause' | 'stop', Type: string): Item => ({
  action: { Type, Parameters: { CallId: leg } },
  own: { kind, session: 's', command: kind, leg },
});
const start = own('start', 'StartCallRecording');
const pause = own('pause', 'PauseCallRecording');
const notice: Item = {
  action: { Type: 'Speak', Parameters: { CallId: leg } },
  own: { kind: 'announce', announcement: 'a', leg },
};
const lists = (running: readonly Item[], more: Partial<Lists> = {}): Lists => ({
  running,
  cut: [],
  queue: [],
  ...more,
});
const event = (InvocationEventType: string, Type?: string, more: object = {}): SmaEvent => ({
  Sequence: 3,
  InvocationEventType,
  ...(Type === undefined ? {} : { ActionData: { Type, Parameters: { CallId: leg }, ...more } }),
  CallDetails: { TransactionId: 't', Participants: [{ CallId: leg, ParticipantTag: 'LEG-A' }] },
});
const types = (items: readonly Item[]) => items.map(({ action }) => action.Type);

describe('the list rule', () => {
  test('success of the last action confirms the whole list', () => {
    const settled = settle(lists([notice, start]), event('ACTION_SUCCESSFUL', 'StartCallRecording'));
    expect(types(settled.confirmed)).toEqual(['Speak', 'StartCallRecording']);
    expect(settled.lists.running).toEqual([]);
  });

  test('a failure confirms what came before it, and what came after it did not run', () => {
    const settled = settle(
      lists([users('PlayAudio'), notice, start]),
      event('ACTION_FAILED', 'Speak', { ErrorType: 'SystemException', ErrorMessage: 'x' }),
    );
    expect(types(settled.confirmed)).toEqual(['PlayAudio']);
    expect(settled.failed).toMatchObject({ error: { type: 'SystemException', message: 'x' } });
    expect(types(settled.unrun)).toEqual(['StartCallRecording']);
  });

  test.each([
    [{ ErrorType: 'NoAccessToDestination', ErrorMessage: 'Error while accessing destination' }],
    [{ Error: 'NoAccessToDestination: Error while accessing destination' }],
    [{ Error: 'NoAccessTODestination: Error while accessing destination' }],
  ])('both shapes of a failure are read: %j', (failure) => {
    const settled = settle(lists([start]), event('ACTION_FAILED', 'StartCallRecording', failure));
    expect(judgeActionError(settled.failed!.error).code).toBe('permission-denied');
  });

  test('a report of an action that is not ours to wait for changes nothing', () => {
    const before = lists([start]);
    expect(settle(before, event('ACTION_SUCCESSFUL', 'Hangup'))).toMatchObject({ lists: before, confirmed: [] });
  });

  test('an action on another leg is another action', () => {
    const other = event('ACTION_SUCCESSFUL', 'PauseCallRecording');
    expect(
      settle(lists([{ ...pause, action: { Type: 'PauseCallRecording', Parameters: { CallId: 'call-id-2' } } }]), other)
        .confirmed,
    ).toEqual([]);
  });

  test('a refused answer did not run, and did not replace the list before it', () => {
    const settled = settle(
      lists([users('Speak'), start], { cut: [users('PlayAudio')] }),
      event('INVALID_LAMBDA_RESPONSE'),
    );
    expect(types(settled.lists.running)).toEqual(['PlayAudio']);
    expect(settled.refused).toEqual([users('Speak'), start]);
    expect(settled.confirmed).toEqual([]);
  });
});

describe('a list that was cut off', () => {
  const rest = (cut: readonly Item[], more: Partial<Lists> = {}) =>
    types(settle(lists([pause], { cut, ...more }), event('ACTION_SUCCESSFUL', 'PauseCallRecording')).lists.queue);

  test('goes on with the interrupted action', () => {
    const cut = [users('Speak'), users('PlayAudio'), users('Hangup')];
    const interrupted = settle(lists([pause], { cut }), event('ACTION_INTERRUPTED', 'PlayAudio'));
    expect(types(interrupted.confirmed)).toEqual(['Speak']);
    const settled = settle(interrupted.lists, event('ACTION_SUCCESSFUL', 'PauseCallRecording'));
    expect(types(settled.lists.queue)).toEqual(['PlayAudio', 'Hangup']);
  });

  test('without an interruption the running action ended by itself; later ones follow, none is left out', () => {
    expect(rest([users('Speak'), users('Hangup')])).toEqual(['Hangup']);
    expect(rest([users('PlayAudio'), users('Speak'), users('Hangup')])).toEqual(['Hangup']);
  });

  test('an announcement is repeated rather than skipped: only its report counts', () => {
    expect(rest([notice, users('CallAndBridge')])).toEqual(['Speak', 'CallAndBridge']);
  });

  test('whose last action was reported after all is complete', () => {
    const settled = settle(lists([pause], { cut: [users('PlayAudio'), notice] }), event('ACTION_SUCCESSFUL', 'Speak'));
    expect(types(settled.confirmed)).toEqual(['PlayAudio', 'Speak']);
    expect(settled.lists).toMatchObject({ running: [pause], cut: [] });
  });

  test('comes before what was waiting', () => {
    expect(rest([users('PlayAudio')], { cutKnown: true, queue: [users('Hangup')] })).toEqual(['PlayAudio', 'Hangup']);
  });
});
