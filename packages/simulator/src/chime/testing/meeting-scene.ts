import { toneLevel } from '@onrecord/core/media';
import { BufferSource, Input, MP4 } from 'mediabunny';
import { tone, VOICE_RATE } from '../../call/virtual-call.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { decodeMp4Audio } from '../../media/index.ts';
import { SimulatedS3 } from '../../s3/index.ts';
import type { Attendee } from '../meetings/attendee.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import type { SimulatedChime } from '../simulated-chime.ts';
import { type ChimeOptions, startChime } from '../start-chime.ts';
import { type Clients, openClients } from './clients.ts';

export const ALICE_HZ = 440;
export const BOB_HZ = 1_000;

/** A meeting of Alice and Bob, and the vendor's clients. */
export interface MeetingScene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  readonly clients: Clients;
  readonly meeting: SimulatedMeeting;
  readonly alice: Attendee;
  readonly bob: Attendee;
  /** `eventType` without its prefix, with the external user id of an attendee or the pipeline's id behind. */
  told(): readonly string[];
}

export async function openMeetingScene(options: Partial<ChimeOptions> = {}): Promise<MeetingScene> {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: ['captures', 'results'] });
  const chime = await startChime({ clock, s3, objectCreatedEvents: false, ...options });
  const clients = openClients(chime);
  const meeting = chime.createMeeting({ externalMeetingId: 'weekly', mediaRegion: 'eu-central-1' });
  const alice = meeting.join({ externalUserId: 'alice', source: tone(ALICE_HZ) });
  const bob = meeting.join({ externalUserId: 'bob', source: tone(BOB_HZ) });
  return {
    clock,
    s3,
    chime,
    clients,
    meeting,
    alice,
    bob,
    told: () =>
      chime.eventBridge.events().map(({ detail }) => {
        const about = detail['externalUserId'] ?? detail['mediaPipelineId'] ?? '';
        return `${String(detail['eventType']).replace('chime:', '')} ${about}`.trim();
      }),
    [Symbol.asyncDispose]: async () => {
      clients[Symbol.dispose]();
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}

/** Whether a file has a picture beside its sound. */
export async function hasPicture(bytes: Uint8Array): Promise<boolean> {
  using input = new Input({ formats: [MP4], source: new BufferSource(bytes) });
  return (await input.getPrimaryVideoTrack()) !== null;
}

/** Duration of a captured file, and the level of a tone in a span of it. */
export async function measure(
  bytes: Uint8Array,
): Promise<{ readonly durationMs: number; level(hertz: number, fromMs: number, toMs: number): number }> {
  const { channels, sampleRate, durationMs } = await decodeMp4Audio(bytes);
  if (sampleRate !== VOICE_RATE) throw new Error(`captured at ${sampleRate} Hz`);
  const at = (ms: number) => (ms * sampleRate) / 1000;
  return {
    durationMs,
    level: (hertz, fromMs, toMs) => toneLevel(channels[0]!.subarray(at(fromMs), at(toMs)), sampleRate, hertz),
  };
}
