import type { Delivery, Interceptor, OpenOptions, RecordingSubject } from '@onrecord/contract-kit';
import { createRecorder, type InboundRequest, memorySessionStore } from '@onrecord/core';
import { decodeAudio, VirtualClock } from '@onrecord/simulator';
import { memory } from '@onrecord/storage';
import { azureServerCall } from '../../call-ref.ts';
import { capabilitiesFor } from '../../capabilities.ts';
import { kitClock } from './kit-clock.ts';
import { openPlatform, requestOf, type Variant } from './platform.ts';

/** Azure Call Automation, simulated, as a subject of the recording suite. */
export function azureSubject(name: string, variant: Variant = {}): RecordingSubject {
  return {
    name,
    facts: {
      capabilities: capabilitiesFor(variant.profile ?? 'acs-standalone'),
      inbound: 'events',
      authenticated: true,
      media: true,
      losesAnswers: true,
      announcement: { text: 'This call is recorded.' },
    },
    open: (options) => openAzure(variant, options),
  };
}

/** What changes a recording; all other operations only read. */
const commands = /^(Start|Stop|Pause|Resume)Recording$|^Play$|^Delete/;

async function openAzure(variant: Variant, { wrap = (driver) => driver }: OpenOptions = {}) {
  const clock = new VirtualClock();
  const store = memorySessionStore();
  const archive = memory({ clock });
  const landing = variant.account?.().store();
  const recorders: { ingest(request: Request): Promise<Response>; close(): Promise<void> }[] = [];
  let interceptor: Interceptor | undefined;
  const deliver = async (request: InboundRequest): Promise<Delivery> => ({
    taken: (await (recorders.at(-1)?.ingest ?? platform.ingest)(requestOf(request))).ok,
  });
  const platform = await openPlatform(clock, store, variant, (request) => (interceptor ?? handOn)(request, deliver));

  return {
    clock: kitClock(clock),
    store,
    async recorder() {
      const ingest = { publicUrl: platform.origin };
      const options = { store, archive, clock, instance: 'azure', ingest, ...(landing ? { landing } : {}) };
      const recorder = createRecorder(wrap(platform.driver()), options);
      recorders.push(recorder);
      return recorder;
    },
    async openCall() {
      const { placed, say } = platform.placeCall();
      await clock.advance(1_000);
      return {
        // Under Teams Phone nobody can be given a channel, so channels go by who speaks first.
        ref: azureServerCall(placed.ids(), variant.profile === 'teams-phone' ? {} : { reference: platform.reference }),
        say,
        end: async () => placed.end(),
      };
    },
    unknownCall: () =>
      azureServerCall({
        callConnectionId: '11111111-2222-4333-8444-555555555555',
        serverCallId: Buffer.from('https://api.example/conv/unknown').toString('base64'),
      }),
    requests: () =>
      platform.azure.requests().map(({ operation }) => ({
        name: operation,
        kind: commands.test(operation) ? ('command' as const) : ('query' as const),
      })),
    recordings: () => platform.azure.recordingIds().length,
    intercept(next: Interceptor | undefined) {
      interceptor = next;
    },
    loseNextAnswer: () => platform.azure.faults.next({ match: 'StartRecording', fault: 'drop-before-answer' }),
    forge: halfForged,
    async read(location: string) {
      const bytes = archive.native().get(archive.keyOf(location) ?? '');
      if (!bytes) throw new Error(`${location} is not in the archive`);
      return bytes;
    },
    decode: decodeAudio,
    async close() {
      for (const recorder of recorders) await recorder.close();
      await store.close();
      await platform.close();
      clock[Symbol.dispose]();
    },
  };
}

const handOn: Interceptor = (request, deliver) => deliver(request);

/** A callback has two proofs, a token and a signed query. Each is missing, or belongs to something else, in turn. */
function halfForged(genuine: InboundRequest): readonly InboundRequest[] {
  const { authorization, ...headers } = genuine.headers;
  const url = new URL(genuine.url ?? '');
  const subject = url.searchParams.get('s');
  if (authorization === undefined || subject === null) return [];
  const elsewhere = new URL(url);
  elsewhere.searchParams.set('s', subject.replace(/\.p\d+$/, '.p9'));
  return [
    { ...genuine, headers },
    { ...genuine, url: elsewhere.href },
  ];
}
