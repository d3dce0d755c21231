import { randomBytes } from 'node:crypto';
import { systemClock } from '@onrecord/core';
import { type SimulatedAzureCall, startAzure } from '@onrecord/simulator';
import { Conversation } from './conversation.ts';
import { calleeNumber, callerNumber, type Scene, type WallSpan } from './scene.ts';

/** Azure Communication Services with one call, on this machine. */
export async function openAzure(): Promise<Scene> {
  const conversation = new Conversation();
  const azure = await startAzure({
    clock: systemClock,
    allowHttpCallbacks: true,
    // As the defaults, but a few minutes until the file exists, and seconds to settle, would be long for a demo.
    behaviour: { connectMs: 300, settleMs: 600, fileDelayMs: 800 },
  });
  const eventGridSecret = randomBytes(24).toString('hex');
  let call: SimulatedAzureCall | undefined;
  let endedAt = 0;
  return {
    conversation,
    processes: [],
    environment: {
      ACS_CONNECTION_STRING: azure.connectionString,
      ACS_RESOURCE_ID: azure.resourceId,
      ACS_JWKS_URL: azure.jwksUrl,
      ACS_CA: azure.ca,
      CALLBACK_SECRET: randomBytes(24).toString('hex'),
      EVENT_GRID_SECRET: eventGridSecret,
    },
    async ring({ web }) {
      await azure.subscribe({ url: `${web}/ingest?secret=${eventGridSecret}` });
      conversation.join('caller', callerNumber);
      conversation.join('callee', calleeNumber);
      call = azure.placeCall({
        call: conversation.call,
        callbackUri: `${web}/ingest`,
        cognitiveServicesEndpoint: 'https://demo.cognitiveservices.azure.com',
      });
    },
    hangUp() {
      endedAt = systemClock.now();
      call?.end();
    },
    capture: () => ({ files: [activeSpans(states(), endedAt)], silenced: [] }),
    problems: () =>
      azure
        .callbacks()
        .filter(({ status }) => status === undefined || status >= 300)
        .map(({ status, events }) => `a callback with ${events.map(({ type }) => type).join()} was answered ${status}`),
    [Symbol.asyncDispose]: () => azure.close(),
  };

  /** Every change of the recording that the service told, with the service's own time. */
  function states() {
    return azure
      .callbacks()
      .flatMap(({ events }) => events)
      .filter(({ type }) => type.endsWith('.RecordingStateChanged'))
      .map(({ time, data }) => ({ at: Date.parse(time), active: data['state'] === 'active' }))
      .toSorted((left, right) => left.at - right.at);
  }
}

function activeSpans(
  states: readonly { readonly at: number; readonly active: boolean }[],
  endedAt: number,
): readonly WallSpan[] {
  const spans: WallSpan[] = [];
  let from: number | undefined;
  for (const { at, active } of [...states, { at: endedAt, active: false }]) {
    if (active) from ??= at;
    else if (from !== undefined) {
      spans.push({ from, to: Math.min(at, endedAt) });
      from = undefined;
    }
  }
  return spans;
}
