/** Reading one event of a SIP media application and composing its answer, against `JSON.parse` of the same event. */
import { createSmaHandler, type SmaEvent } from '@onrecord/adapter-chime/sma';
import { defineFlow, memorySessionStore } from '@onrecord/core';
import { callIdOf, eventType, readEvent } from '../../packages/adapter-chime/src/sma/event/read-event.ts';
import { observe } from '../../packages/adapter-chime/src/sma/flow/observe.ts';
import { recordingAction, startAction } from '../../packages/adapter-chime/src/sma/record-actions.ts';
import type { Item } from '../../packages/adapter-chime/src/sma/turn/item.ts';
import { planAnswer } from '../../packages/adapter-chime/src/sma/turn/plan-answer.ts';
import { emptyState, type TurnState } from '../../packages/adapter-chime/src/sma/turn/state.ts';
import { paired, print } from './paired.ts';

const leg = '72cbec69-f098-45d8-9ad6-e26cb9af663a';
const session = '01930000-0000-7000-8000-000000000001';
const landing = { bucket: 'recordings', prefix: 'calls' };
const start = startAction(leg, { media: 'audio', layout: 'separate', container: 'wav' }, landing, session);

/** The success of a start, of which the function answers with a pause and a prompt. */
const event: SmaEvent = {
  SchemaVersion: '1.0',
  Sequence: 3,
  InvocationEventType: 'ACTION_SUCCESSFUL',
  ActionData: {
    ...start,
    CallRecordingDestination: { Type: 'S3', Location: `recordings/calls/${session}/2026/11/21/a.wav` },
  },
  CallDetails: {
    TransactionId: 'b0f1e5a4-3c43-4a2b-8a5e-5d0e4c2f8a11',
    TransactionAttributes: { customer: '42', onrecord: `1.${'A'.repeat(600)}` },
    AwsAccountId: '111122223333',
    AwsRegion: 'us-east-1',
    SipRuleId: 'aafbd402-b7a2-4992-92f8-496b4563c492',
    SipMediaApplicationId: 'e88f4e49-dd21-4a3f-b538-bc84eae11505',
    Participants: ['LEG-A', 'LEG-B'].map((ParticipantTag, index) => ({
      CallId: index === 0 ? leg : 'c0ffee00-0000-4000-8000-000000000002',
      ParticipantTag,
      To: '+15550199',
      From: '+15550100',
      Direction: index === 0 ? ('Inbound' as const) : ('Outbound' as const),
      StartTimeInMilliseconds: '1644540839987',
      Status: 'Connected' as const,
    })),
  },
};
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const text = JSON.stringify(event);
const started: Item = { action: start, own: { kind: 'start', session, command: 'c1', leg } };
const state: TurnState = { ...emptyState, sequence: 2, running: [started] };
const pause: Item = { action: recordingAction('pause', leg), own: { kind: 'pause', session, command: 'c2', leg } };
const prompt: Item = { action: { Type: 'Speak', Parameters: { CallId: leg, Text: 'One moment.' } } };

function compose(): number {
  const read = readEvent(event);
  const observed = observe({ event: read, provider: 'chime-sma', logger: quiet, now: 0 }, state);
  const plan = planAnswer(
    observed.state,
    { before: [], own: [pause], after: [prompt] },
    { answerable: true, onCutOff: 'replay' },
  );
  return (
    (plan.list?.length ?? 0) +
    observed.notices.length +
    eventType(read).length +
    (callIdOf(read, read.ActionData)?.length ?? 0)
  );
}

const rounds = 50_000;
let sink = 0;

/** Microseconds for one. */
function each(work: () => number): number {
  const begun = performance.now();
  for (let round = 0; round < rounds; round += 1) sink += work();
  return ((performance.now() - begun) * 1_000) / rounds;
}

print(
  'SMA event read and answer composed / JSON.parse of the event',
  'µs',
  3,
  paired(
    15,
    () => each(compose),
    () => each(() => (JSON.parse(text) as SmaEvent).Sequence),
  ),
);

const handler = createSmaHandler({ store: memorySessionStore(), flow: defineFlow({}, {}), landing, logger: quiet });
await handler.ready;
const turns = 2_000;
const begun = performance.now();
for (let turn = 0; turn < turns; turn += 1) {
  await handler({ ...event, CallDetails: { ...event.CallDetails, TransactionId: `transaction-${turn}` } });
}
const whole = ((performance.now() - begun) * 1_000) / turns;
console.log(`  the whole answer, its journal and its attribute included: ${whole.toFixed(0)} µs${sink < 0 ? ' ' : ''}`);
