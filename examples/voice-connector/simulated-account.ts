import { chimeInsights, chimeInsightsConfigurations } from '@onrecord/adapter-chime';
import { memorySessionStore } from '@onrecord/core';
import {
  listen,
  readBody,
  type SimulatedChime,
  SimulatedS3,
  sendAnswer,
  startChime,
  tone,
  VirtualClock,
} from '@onrecord/simulator';
import { s3 as s3Storage } from '@onrecord/storage/s3';
import { forwardTo } from './forward.ts';
import { openRecordings, type Recordings } from './recordings.ts';
import { type Account, configurationName, setUp } from './set-up.ts';

export const DESK_HZ = 440;
export const CALLER_HZ = 1_000;
export const CALL_MS = 20_000;
const bucket = 'recordings';
const secret = 'the-key-of-an-API-destination';

/** What goes wrong with a call; the service is well otherwise. */
export interface Trouble {
  readonly name: string;
  readonly story: string;
  readonly goWrong: (chime: SimulatedChime) => void;
}

export type Outcome = Awaited<ReturnType<Recordings['sessions']>>;

/**
 * A Voice Connector in a simulated account takes a call, before and after its recording is in effect. Five minutes take a
 * second: the clock is virtual, everything else is real, the file included.
 *
 * @param archive folder on disk.
 */
export async function simulateCall(archive: string, { goWrong }: Pick<Trouble, 'goWrong'>): Promise<Outcome> {
  using clock = new VirtualClock();
  await using s3 = await SimulatedS3.start({ clock, buckets: [bucket] });
  await using chime = await startChime({ clock, s3, objectCreatedEvents: false });
  const { region, accountId } = chime;
  const account: Account = {
    region,
    accountId,
    bucket,
    role: `arn:aws:iam::${accountId}:role/call-analytics`,
    records: `arn:aws:kinesis:${region}:${accountId}:stream/recordings`,
  };
  const connector = chime.createVoiceConnector('front desk');
  await using configurations = chimeInsightsConfigurations({ ...chime.clientConfig(), accountId });
  const inEffectAfterMs = await setUp(configurations, account, connector.id);

  const driver = chimeInsights({
    ...chime.clientConfig(),
    accountId,
    bucket,
    prefix: 'calls',
    configuration: configurationName,
    adopt: { voiceConnectors: [connector.id] },
    events: { secret },
  });
  await using landing = closing(s3Storage({ bucket, client: s3.clientConfig() }));
  await using recordings = openRecordings({
    driver,
    store: memorySessionStore(),
    landing: landing.value,
    archive,
    clock,
  });
  const endpoint = await listen(async (request, response) => {
    const body = await readBody(request);
    const headers = { 'x-onrecord-key': String(request.headers['x-onrecord-key']) };
    const { status } = await recordings.take(new Request('http://localhost/calls', { method: 'POST', headers, body }));
    sendAnswer(request, response, { status });
  });
  try {
    chime.eventBridge.target(endpoint.origin, { 'x-onrecord-key': secret });
    chime.kinesis.onRecords(forwardTo({ url: endpoint.origin, secret }));
    const talk = async () => {
      const call = connector.placeCall({ caller: tone(CALLER_HZ), callee: tone(DESK_HZ) });
      await clock.advance(CALL_MS);
      call.end();
    };
    await talk(); // The recording is not in effect yet: this call is not recorded, and not expected to be.
    await clock.advance(inEffectAfterMs);
    goWrong(chime);
    await talk();
    await clock.advance(15 * 60_000);
    return await recordings.sessions();
  } finally {
    await endpoint.close();
  }
}

function closing<T extends { close(): Promise<void> }>(value: T): AsyncDisposable & { readonly value: T } {
  return { value, [Symbol.asyncDispose]: () => value.close() };
}
