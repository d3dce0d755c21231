import { randomBytes } from 'node:crypto';
import type { SimulatedMeeting, SimulatedS3 } from '@onrecord/simulator';
import { bucket, startAws } from './aws.ts';
import { Conversation } from './conversation.ts';
import type { Scene, WallSpan } from './scene.ts';

/** A meeting of two attendees in the Chime SDK, on this machine. */
export async function openChimeMeeting(): Promise<Scene> {
  const conversation = new Conversation();
  const aws = await startAws({
    // As the defaults, but quicker: the service takes seconds for each.
    pipelines: { initializingMs: 500, chunkMs: 2_000, stoppingMs: 400, concatenationMs: 600 },
  });
  const { chime, s3 } = aws;
  const eventKey = randomBytes(24).toString('hex');
  let meeting: SimulatedMeeting | undefined;
  return {
    conversation,
    processes: [],
    environment: { ...aws.environment, EVENT_KEY: eventKey },
    async ring({ web }) {
      const match = ({ source }: { readonly source: string }) => source === 'aws.chime';
      chime.eventBridge.target(`${web}/ingest`, { 'x-onrecord-key': eventKey }, { match });
      meeting = chime.createMeeting({ call: conversation.call, externalMeetingId: 'demo' });
      for (const speaker of ['callee', 'caller'] as const) {
        meeting.join({ externalUserId: speaker, name: speaker, source: conversation.voice(speaker) });
      }
    },
    hangUp: () => meeting?.end(),
    capture: () => ({ files: capturedSpans(s3), silenced: [] }),
    problems: () =>
      chime.eventBridge
        .deliveries()
        .filter(({ status }) => status === undefined || status >= 300)
        .map(({ event, status }) => `the event ${String(event.detail['eventType'])} was answered ${status}`),
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
}

/** When each capture pipeline began and ended, by the event files that it wrote beside its chunks. */
function capturedSpans(s3: SimulatedS3): readonly (readonly WallSpan[])[] {
  const parts = new Map<string, { from?: number; to?: number }>();
  for (const { key, bytes } of s3.list(bucket)) {
    const [part, file] = key.split('/meeting-events/');
    // The concatenation joins these files as well.
    if (part === undefined || file === undefined || part.endsWith('/concat')) continue;
    const span = parts.get(part) ?? {};
    parts.set(part, span);
    for (const line of Buffer.from(bytes).toString('utf8').trim().split('\n')) {
      const { Timestamp, EventType } = JSON.parse(line) as { readonly Timestamp: string; readonly EventType: string };
      if (EventType === 'CaptureStarted') span.from = Date.parse(Timestamp);
      if (EventType === 'CaptureEnded') span.to = Date.parse(Timestamp);
    }
  }
  return [...parts.values()]
    .flatMap(({ from, to }) => (from === undefined || to === undefined ? [] : [[{ from, to }]]))
    .toSorted(([left], [right]) => (left?.from ?? 0) - (right?.from ?? 0));
}
