import {
  createRecorder,
  type InboundRequest,
  memorySessionStore,
  type RecordingDriver,
  systemClock,
} from '@onrecord/core';
import { VirtualClock } from '@onrecord/simulator';
import { memory } from '@onrecord/storage';
import type { Delivery, Interceptor, KitClock, OpenOptions, RecordingSubject, Speaker } from '../recording/harness.ts';
import { ToneDriver, toneCapabilities } from './tone-driver.ts';
import { signatureOf, type ToneEvent, type ToneProfile, ToneProvider } from './tone-provider.ts';

export interface ToneOptions {
  /** On the clock of this machine instead of a virtual one, as with a real server. @default false */
  readonly realTime?: boolean;
}

/** The tone provider as a subject of the recording suite. */
export function toneSubject(
  name: string,
  profile: ToneProfile,
  { realTime = false }: ToneOptions = {},
): RecordingSubject {
  const capabilities = toneCapabilities(profile);
  return {
    name,
    facts: {
      capabilities: {
        ...capabilities,
        pause:
          profile.pause === 'segments'
            ? { effects: ['segmented'], fidelity: 'emulated', startPaused: false }
            : capabilities.pause,
      },
      inbound: profile.confirms === 'poll' ? 'none' : 'events',
      authenticated: true,
      media: true,
      losesAnswers: true,
    },
    open: async (options) => openTone(profile, realTime ? wallClock() : virtualClock(), options),
  };
}

/** A clock, and how it is kept from moving while work is in hand. */
interface ToneClock {
  readonly clock: KitClock;
  hold(work: Promise<unknown>): void;
  dispose(): void;
}

function virtualClock(): ToneClock {
  const clock = new VirtualClock();
  return { clock, hold: (work) => void clock.hold(work), dispose: () => clock[Symbol.dispose]() };
}

function wallClock(): ToneClock {
  const clock: KitClock = {
    ...systemClock,
    advance: (ms) => systemClock.delay(ms),
    async until(work, limitMs = 60_000) {
      const done = new AbortController();
      const late = systemClock.delay(limitMs, { signal: done.signal }).then(() => {
        throw new Error(`Nothing settled within ${limitMs} ms`);
      });
      late.catch(() => {});
      try {
        return await Promise.race([work, late]);
      } finally {
        done.abort();
      }
    },
  };
  return { clock, hold: () => {}, dispose: () => {} };
}

function openTone(
  profile: ToneProfile,
  { clock, hold, dispose }: ToneClock,
  { wrap = (driver: RecordingDriver) => driver }: OpenOptions = {},
) {
  const store = memorySessionStore();
  const archive = memory();
  const recorders: { ingest(request: Request): Promise<Response>; close(): Promise<void> }[] = [];
  let interceptor: Interceptor | undefined;

  async function deliver(request: InboundRequest): Promise<Delivery> {
    if (profile.transport === 'socket') {
      const taken = await Promise.allSettled([...provider.sockets].map((socket) => socket(request)));
      return { taken: taken.length > 0 && taken.every(({ status }) => status === 'fulfilled') };
    }
    const recorder = recorders.at(-1);
    if (!recorder) return { taken: false };
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const body = new Uint8Array(request.body);
    const response = await recorder.ingest(new Request(String(request.url), { method: 'POST', headers, body }));
    return { taken: response.ok };
  }

  const send = (event: ToneEvent) => {
    const body = new TextEncoder().encode(JSON.stringify(event));
    const request: InboundRequest = {
      transport: profile.transport === 'socket' ? 'socket' : 'http',
      method: 'POST',
      url: 'https://recorder.example/events',
      headers: { 'content-type': 'application/json', 'x-tone-signature': signatureOf(body) },
      body,
    };
    hold(interceptor ? interceptor(request, deliver) : deliver(request));
  };
  const provider = new ToneProvider(clock, profile, send);

  return {
    clock,
    store,
    async recorder() {
      const recorder = createRecorder(wrap(new ToneDriver(provider, profile)), {
        store,
        archive,
        clock,
        instance: 'tone',
        emulate: profile.pause === 'segments' ? ['pause-by-segments'] : [],
      });
      recorders.push(recorder);
      return recorder;
    },
    async openCall() {
      const id = provider.openCall();
      return {
        ref: { kind: 'tone.call', provider: 'tone', key: id, data: { id } } as const,
        say: (speaker: Speaker, toneHz: number | undefined) => provider.say(id, speaker, toneHz),
        end: async () => provider.endCall(id),
      };
    },
    unknownCall: () => ({ kind: 'tone.call', provider: 'tone', key: 'nowhere', data: { id: 'nowhere' } }) as const,
    ...(clock instanceof VirtualClock ? {} : { quietMs: 2_000 }),
    requests: () => [...provider.requests],
    recordings: () => provider.recordings,
    intercept(next: Interceptor | undefined) {
      interceptor = next;
    },
    loseNextAnswer() {
      provider.loseNextAnswer = true;
    },
    async read(location: string) {
      const key = archive.keyOf(location);
      if (key === undefined) throw new Error(`${location} is not in the archive`);
      const chunks: Uint8Array[] = [];
      const { body } = await archive.doGet(key, { signal: new AbortController().signal });
      for await (const chunk of body) chunks.push(chunk);
      return new Uint8Array(Buffer.concat(chunks));
    },
    async close() {
      for (const recorder of recorders) await recorder.close();
      await store.close();
      dispose();
    },
  };
}
