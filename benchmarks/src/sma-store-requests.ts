import { createSmaHandler } from '@onrecord/adapter-chime/sma';
import { defineFlow } from '@onrecord/core';
import { objectSessionStore } from '@onrecord/session-store/object';
import { SimulatedS3, startChime, tone, VirtualClock } from '@onrecord/simulator';
import { s3 as s3Driver } from '@onrecord/storage/s3';

/** What one invocation of the Lambda function asked of S3, up to the next one. */
export interface InvocationRequests {
  /** E.g. `ACTION_SUCCESSFUL StartCallRecording`. */
  readonly invocation: string;
  readonly requests: Readonly<Record<string, number>>;
}

const bucket = 'sessions';

/** A call that is announced, recorded and hung up, its sessions kept by the object store in a simulated S3. */
export async function smaStoreRequests(): Promise<readonly InvocationRequests[]> {
  using clock = new VirtualClock();
  await using s3 = await SimulatedS3.start({ clock, buckets: ['recordings', bucket] });
  const chime = await startChime({ clock, s3 });
  const store = objectSessionStore(s3Driver({ bucket, client: s3.clientConfig() }), { clock, ownsStorage: true });
  const flow = defineFlow(
    { announce: 'required', pause: 'required' },
    {
      onCall(notice, turn) {
        if (notice.type === 'call.connected') turn.announce({ text: 'This call is recorded.' });
        if (notice.type === 'call.announced') {
          turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
        }
      },
    },
  );
  const handler = createSmaHandler({ store, flow, landing: { bucket: 'recordings' }, clock });
  await handler.ready;
  const marks: { readonly invocation: string; readonly from: number }[] = [];
  const application = chime.sipMediaApplication((event) => {
    const action = event.ActionData?.Type;
    const invocation = action === undefined ? event.InvocationEventType : `${event.InvocationEventType} ${action}`;
    marks.push({ invocation, from: s3.requests().length });
    return handler(event);
  });
  try {
    const call = application.placeInboundCall({ from: '+15550100', to: '+15550199', source: tone(440) });
    await clock.advance(60_000);
    call.hangUp();
    await clock.advance(60_000);
  } finally {
    await store.close();
    await chime.close();
  }
  return marks.map(({ invocation, from }, index) => ({
    invocation,
    requests: countsOf(s3.requests().slice(from, marks[index + 1]?.from)),
  }));
}

function countsOf(
  exchanges: readonly { readonly bucket: string; readonly operation: string }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { bucket: used, operation } of exchanges) {
    if (used === bucket) counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}
