import { randomUUID } from 'node:crypto';
import type { OpenOptions, RecordingSubject, Speaker } from '@onrecord/contract-kit';
import { type CallRef, createRecorder, memorySessionStore } from '@onrecord/core';
import { decodeAudio } from '@onrecord/simulator';
import { memory } from '@onrecord/storage';
import { asteriskBridge, asteriskChannel } from '../../call-ref.ts';
import { capabilitiesFor } from '../../capabilities.ts';
import { asterisk } from '../../driver.ts';
import { Exchange, type PlacedCall, placeCall } from '../../testing/phones/index.ts';
import type { LaneServer } from '../../testing/server/lane.ts';
import { openGateway } from './ari-gateway.ts';
import { wallClock } from './wall-clock.ts';

/** Which reference to a call is recorded: its bridge, with the leg that is meant, or that leg. */
export type ReferenceKind = 'bridge' | 'channel';

/**
 * A real Asterisk as a subject of the recording suite, over the telephones of this process. Several of its harnesses may
 * be open at once: each has a Stasis application and a folder of its own.
 */
export function asteriskSubject(server: LaneServer, kind: ReferenceKind = 'bridge'): RecordingSubject {
  return {
    name: kind === 'bridge' ? server.suite : `${server.suite} by channel`,
    against: `Asterisk ${server.version}`,
    facts: {
      capabilities: capabilitiesFor(server.suite),
      inbound: 'events',
      authenticated: false,
      media: true,
      losesAnswers: true,
      announcement: { file: 'sound:beep' },
    },
    open: (options) => openAsterisk(server, kind, options),
  };
}

/**
 * In ms: what a telephone says is in a recording after this, and a file is short of its end by so much at most. Commands
 * are held back until then, since they would else overtake what was said before them. Asterisk listens in on a channel
 * through a queue that grows by every packet that comes late and never shrinks: 500 ms were seen on a busy machine.
 */
const delays: { readonly [K in ReferenceKind]: { readonly voiceMs: number; readonly fileMs: number } } = {
  bridge: { voiceMs: 500, fileMs: 250 },
  channel: { voiceMs: 1_000, fileMs: 800 },
};

/** In ms: the server tells of everything at once. */
const QUIET_MS = 3_000;

async function openAsterisk(server: LaneServer, kind: ReferenceKind, { wrap = (driver) => driver }: OpenOptions = {}) {
  const clock = wallClock;
  const store = memorySessionStore();
  const archive = memory();
  const name = `contract-${randomUUID().slice(0, 8)}`;
  const recorders: { close(): Promise<void> }[] = [];
  const calls: PlacedCall[] = [];
  let spokenAt = 0;
  const gateway = await openGateway(server, () =>
    clock.delay(Math.max(0, spokenAt + delays[kind].voiceMs - clock.monotonic())),
  );
  const driver = () =>
    asterisk({
      url: gateway.url,
      username: server.username,
      password: server.password,
      app: name,
      folder: name,
      server: server.suite,
    });

  return {
    clock,
    store,
    quietMs: QUIET_MS,
    toleranceMs: delays[kind].fileMs,
    async recorder() {
      const recorder = createRecorder(wrap(driver()), { store, archive, clock, instance: 'asterisk' });
      recorders.push(recorder);
      return recorder;
    },
    async openCall() {
      const placed = await placeCall(server);
      calls.push(placed);
      const { bridgeId, caller, callee } = placed;
      return {
        ref: referenceTo(kind, bridgeId, caller.channelId),
        say(speaker: Speaker, toneHz: number | undefined) {
          (speaker === 'reference' ? caller : callee).say(toneHz);
          spokenAt = clock.monotonic();
        },
        end: () => placed.end(),
      };
    },
    unknownCall: () => referenceTo(kind, randomUUID(), randomUUID()),
    requests: gateway.requests,
    recordings: gateway.recordings,
    intercept: gateway.intercept,
    loseNextAnswer: gateway.loseNextAnswer,
    async read(location: string) {
      const bytes = archive.native().get(archive.keyOf(location) ?? '');
      if (!bytes) throw new Error(`${location} is not in the archive`);
      return bytes;
    },
    decode: decodeAudio,
    async close() {
      await Promise.all(recorders.map((recorder) => recorder.close()));
      await Promise.all(calls.map((placed) => placed.end()));
      await store.close();
      await gateway.close();
      await removeRecordings(server, name);
    },
  };
}

function referenceTo(kind: ReferenceKind, bridge: string, leg: string): CallRef {
  return kind === 'bridge' ? asteriskBridge(bridge, { reference: leg }) : asteriskChannel(leg);
}

/** Removes what a case left in its folder. */
async function removeRecordings(server: LaneServer, folder: string): Promise<void> {
  const exchange = await Exchange.open(server, folder);
  const stored = (await exchange.request('GET', '/recordings/stored')) as readonly { readonly name: string }[];
  for (const { name } of stored) {
    if (name.startsWith(`${folder}/`)) await exchange.remove(`/recordings/stored/${encodeURIComponent(name)}`);
  }
  await exchange.close();
}
