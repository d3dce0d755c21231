import type { EventGridSubscription, SubscriptionRequest } from '@onrecord/simulator';
import { VirtualClock } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import { subscribeWhenReady } from './event-grid-subscription.ts';

const wanted = { url: 'http://127.0.0.1:8080/ingest?secret=hidden', schema: 'CloudEventSchemaV1_0' } as const;

/** A resource whose webhook answers like this, one after the other. */
function resource(answers: readonly (string | 'yes')[]) {
  const asked: SubscriptionRequest[] = [];
  const subscribe = async (request: SubscriptionRequest): Promise<EventGridSubscription> => {
    const answer = answers[asked.push(request) - 1];
    if (answer !== 'yes') throw new Error(answer);
    // Nobody looks at it.
    return {} as EventGridSubscription;
  };
  return { asked, subscribe };
}

test('an application that comes up later is subscribed then, and each reason is told once', async () => {
  using clock = new VirtualClock();
  const lines: string[] = [];
  const azure = resource(['refused.', 'refused.', 'it answered 500.', 'yes']);
  const { signal } = new AbortController();
  const done = subscribeWhenReady(azure, wanted, { clock, signal, tell: (line) => lines.push(line) });
  await clock.advance(500);
  expect(azure.asked).toHaveLength(2);
  await clock.until(done);
  expect(azure.asked).toEqual([wanted, wanted, wanted, wanted]);
  expect(lines).toEqual([
    'Event Grid: refused. It is tried again until it answers.',
    'Event Grid: it answered 500. It is tried again until it answers.',
    'Event Grid: http://127.0.0.1:8080/ingest is subscribed.',
  ]);
  expect(lines.join()).not.toContain('hidden');
});

test('it is tried until the command ends, two seconds apart at most', async () => {
  using clock = new VirtualClock();
  const azure = resource([]);
  const ending = new AbortController();
  const done = subscribeWhenReady(azure, wanted, { clock, signal: ending.signal, tell: () => {} });
  const ended = expect(done).rejects.toThrow('over');
  await clock.advance(60_000);
  const before = azure.asked.length;
  await clock.advance(30_000);
  expect(azure.asked.length - before).toBe(15);
  ending.abort(new Error('over'));
  await ended;
});
