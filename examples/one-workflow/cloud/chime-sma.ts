import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '@onrecord/core';
import type { ChimeOptions, JournalledInvocation, SmaCall } from '@onrecord/simulator';
import { type SimulatedAws, startAws } from './aws.ts';
import { Conversation } from './conversation.ts';
import { applicationNumber, calleeNumber, callerNumber, type Scene } from './scene.ts';

/** The simulator's mark for pauses: a tone that no voice has. */
const markHz = 2_400;

/** A SIP media application that the caller dials, and the callee's phone that its call flow rings; on this machine. */
export async function openChimeSma(options: ChimeOptions['sma'] = {}): Promise<Scene & SimulatedAws> {
  const conversation = new Conversation();
  const aws = await startAws({
    sma: { speechMsPerCharacter: 50, deliveryDelayMs: 800, pauseTone: { frequencyHz: markHz }, ...options },
  });
  const { chime } = aws;
  const applicationId = randomUUID();
  let call: SmaCall | undefined;
  let endedAt = 0;
  return {
    ...aws,
    conversation,
    processes: ['lambda', 'worker'],
    environment: {
      ...aws.environment,
      SIP_MEDIA_APPLICATION_ID: applicationId,
      AGENT_NUMBER: calleeNumber,
    },
    async ring({ lambda }) {
      if (lambda === undefined) throw new Error('A SIP media application needs its Lambda function.');
      chime.phone(calleeNumber, { name: 'callee', source: conversation.voice('callee'), answersAfterMs: 600 });
      call = chime.sipMediaApplication(lambda, applicationId).placeInboundCall({
        from: callerNumber,
        to: applicationNumber,
        call: conversation.call,
        name: 'caller',
        source: conversation.voice('caller'),
      });
      while (!conversation.complete) await setTimeout(20);
    },
    hangUp() {
      endedAt = systemClock.now();
      call?.hangUp('LEG-A');
    },
    capture() {
      const at = (action: string) => succeeded(chime.invocations(), action);
      const [from] = at('StartCallRecording');
      const resumed = at('ResumeCallRecording');
      return {
        files: from === undefined ? [] : [[{ from, to: at('StopCallRecording')[0] ?? endedAt }]],
        silenced: at('PauseCallRecording').map((paused, index) => ({ from: paused, to: resumed[index] ?? endedAt })),
        markHz,
      };
    },
    problems: () =>
      chime
        .invocations()
        .filter(({ outcome }) => outcome !== 'answered')
        .map(({ event, outcome }) => `the invocation ${event.InvocationEventType} ${outcome}`),
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
}

/** When the service told, for the first time each, that such an action had succeeded; epoch ms. */
function succeeded(invocations: readonly JournalledInvocation[], action: string): readonly number[] {
  return invocations
    .filter(
      ({ event, attempt }) =>
        attempt === 1 && event.InvocationEventType === 'ACTION_SUCCESSFUL' && event.ActionData?.Type === action,
    )
    .map(({ at }) => at)
    .toSorted((left, right) => left - right);
}
