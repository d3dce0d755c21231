import type { Clock } from '@onrecord/core';
import { type AudioSource, VOICE_RATE } from '../../call/virtual-call.ts';
import type { Attendee } from '../meetings/attendee.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import type { FarEnd } from './far-end.ts';
import type { LegAudio } from './leg-audio.ts';

/** The sound of a leg is rendered in pieces of this length. */
const BLOCK_MS = 1_000;

/** The seat of a phone in a meeting: the meeting hears the leg, and the leg hears everybody else. */
export function meetingSeat(meeting: SimulatedMeeting, attendee: Attendee, leg: LegAudio, clock: Clock): FarEnd {
  const name = voiceOf(meeting, attendee);
  return {
    arrive: () => {
      meeting.join({ attendeeId: attendee.attendeeId, name, source: lineSource(leg, clock.now(), clock) });
    },
    leave: () => {
      const here = meeting.present.some(({ attendeeId }) => attendeeId === attendee.attendeeId);
      if (here && !meeting.ended.aborted) meeting.leave(attendee.attendeeId);
    },
    says: (fromMs, toMs) => {
      const others = meeting.voices.filter((voice) => voice !== name);
      return meeting.call.render(others, fromMs, toMs);
    },
  };
}

/** The attendee's name in the meeting's conversation, where it is free. */
function voiceOf(meeting: SimulatedMeeting, { externalUserId, attendeeId }: Attendee): string {
  const taken = meeting.call.participants.some(({ name, leftAt }) => name === externalUserId && leftAt === undefined);
  return taken ? `phone ${attendeeId}` : externalUserId;
}

/** What the participant of a leg says, as a source whose sample 0 is at `startedAt`; nothing is known of the future. */
function lineSource(leg: LegAudio, startedAt: number, clock: Clock): AudioSource {
  const perBlock = (BLOCK_MS * VOICE_RATE) / 1_000;
  let block = -1;
  let renderedUntil = 0;
  let samples: Int16Array = new Int16Array(0);
  return (index) => {
    const wanted = Math.floor(index / perBlock);
    const from = startedAt + wanted * BLOCK_MS;
    const until = Math.min(clock.now(), from + BLOCK_MS);
    if (wanted !== block || until > renderedUntil) {
      block = wanted;
      renderedUntil = until;
      samples = leg.incoming(from, until);
    }
    return samples[index - wanted * perBlock] ?? 0;
  };
}
