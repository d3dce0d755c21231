import { expect, test } from 'vitest';
import { handCall, legA } from '../../testing/hand-call.ts';
import type { OnCall } from '../../testing/sma-scene.ts';

const record: OnCall = (notice, turn) => void (notice.type === 'call.connected' && turn.start());

test.each([
  ['1793275200123', { legStartedAt: '2026-10-29T12:00:00.123Z' }],
  ['159700958834234', {}],
  ['1793275200', {}],
  [undefined, {}],
])('a started leg is known by transaction, leg and start: %s', async (StartTimeInMilliseconds, since) => {
  const call = handCall({ onCall: record });
  call.details = { ...call.details, Participants: [{ ...legA, StartTimeInMilliseconds }] };
  await call.send({ InvocationEventType: 'CALL_ANSWERED' });
  await call.succeed({ CallRecordingDestination: { Type: 'S3', Location: 'recordings/calls/a.wav' } });
  const [session] = await call.records();
  expect(session?.parts[0]?.handle).toEqual({
    transactionId: call.details.TransactionId,
    callId: legA.CallId,
    ...since,
  });
});
