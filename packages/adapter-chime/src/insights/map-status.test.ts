import type { PartTarget } from '@onrecord/core';
import { expect, test } from 'vitest';
import type { PipelineState } from './ask-pipeline.ts';
import { seenInState } from './map-status.ts';

const now = '2024-08-07T03:07:17.000Z';
const part = (facts: PartTarget['facts'] = {}): PartTarget => ({
  sessionId: 's',
  partId: 'p1',
  correlation: 's.p1',
  call: { kind: 'chime.kvs-streams', provider: 'main', key: 'k', data: {} },
  output: { media: 'audio', layout: 'separate', container: 'wav' },
  facts,
});
const state = (status: string, sink?: string): PipelineState => ({
  status,
  elements: sink === undefined ? [] : [{ type: 'S3RecordingSink', status: sink }],
  createdAt: '2024-08-07T03:00:00.000Z',
  until: undefined,
  metadata: {},
  arn: undefined,
});
const over = { capturing: false, ended: true };

test.each([
  ['that runs', state('InProgress', 'InProgress'), { capturing: true }],
  ['that runs, without statuses of its elements', state('InProgress'), { capturing: true }],
  ['that is paused, which its recording is not', state('Paused'), { capturing: true }],
  ['that begins', state('Initializing', 'NotStarted'), { facts: { S3RecordingSink: 'NotStarted' } }],
  ['that begins, without statuses', state('NotStarted'), undefined],
  ['that is stopping: its last seconds may still be written', state('Stopping', 'InProgress'), undefined],
  ['that has stopped', state('Stopped', 'Stopped'), { ...over, endReason: 'call-ended' }],
  ['that has stopped, without statuses', state('Stopped'), { ...over, endReason: 'call-ended' }],
  ['that failed with its recording', state('Failed', 'Failed'), { ...over, endReason: 'storage-error' }],
  ['that failed, and not with its recording', state('Failed', 'Stopped'), { ...over, endReason: 'call-ended' }],
  ['that failed before its recording began', state('Failed', 'NotStarted'), { ...over, endReason: 'provider-error' }],
  ['that failed, without statuses', state('Failed'), { ...over, endReason: 'unknown' }],
  ['that nobody knows any more', 'gone' as const, { ...over, endReason: 'call-ended' }],
])('a pipeline %s', (_, asked, seen) => {
  const told = seenInState(asked, part(), now);
  if (seen === undefined) expect(told).toBeUndefined();
  else expect(told).toMatchObject(seen);
});

test('an end that we asked for is never that of the call; that of a failed recording is told all the same', () => {
  const asked = part({ stopRequested: true });
  expect(seenInState(state('Stopped', 'Stopped'), asked, now)?.endReason).toBeUndefined();
  expect(seenInState('gone', asked, now)).toEqual(over);
  expect(seenInState(state('Failed', 'Failed'), asked, now)?.endReason).toBe('storage-error');
});

test('a reason that an event told before makes a failure one of permission', () => {
  const denied = part({ failureReason: 'Access denied when assuming resource access role' });
  expect(seenInState(state('Failed', 'Failed'), denied, now)?.endReason).toBe('permission-denied');
});

test('a role that was refused explains a pipeline that is gone, unless its recording was written', () => {
  const failureReason = 'Access denied when assuming resource access role';
  expect(seenInState('gone', part({ failureReason }), now)?.endReason).toBe('permission-denied');
  expect(seenInState('gone', part({ failureReason, S3RecordingSink: 'Stopped' }), now)?.endReason).toBe('call-ended');
});

test('a pause that was told of, two hours ago, is the limit that ended it', () => {
  const paused = part({ pausedAt: '2024-08-07T01:07:17.000Z' });
  expect(seenInState(state('Stopped', 'Stopped'), paused, now)?.endReason).toBe('limit-reached');
});
