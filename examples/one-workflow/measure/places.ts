import type { Track } from '@onrecord/core';
import { calleeNumber, callerNumber } from '../cloud/scene.ts';
import type { Speaker } from '../speech/script.ts';

/** Where somebody is alone: on one channel of one file. */
export interface Place {
  readonly file: number;
  readonly channel: number;
  /** From the start of the session's first part to the first sample of the file, in ms, as its track says. */
  readonly offsetMs: number;
}

/** The place of a speaker in the part that a file belongs to; undefined where no track says one. */
export type PlaceOf = (speaker: Speaker, file: number) => Place | undefined;

/** A media file, and what is said of its channels. */
export interface TrackedFile {
  readonly partId: string;
  readonly tracks: readonly Pick<Track, 'channel' | 'from' | 'participant' | 'offsetMs'>[];
}

/** Who is where, as the tracks say: on a channel of the one file of a part, or in a file of his own. */
export function placesOf(files: readonly TrackedFile[]): PlaceOf {
  const places = files.flatMap(({ partId, tracks }, file) =>
    tracks.map((track) => ({
      partId,
      speaker: speakerOf(track),
      place: { file, channel: track.channel ?? 0, offsetMs: track.offsetMs },
    })),
  );
  return (speaker, file) =>
    places.find((each) => each.partId === files[file]?.partId && each.speaker === speaker)?.place;
}

/** Where a track names no participant of the demo, the recorded leg is the caller's. */
export function speakerOf({ from, participant }: Pick<Track, 'from' | 'participant'>): Speaker | undefined {
  if (participant?.includes(callerNumber)) return 'caller';
  if (participant?.includes(calleeNumber)) return 'callee';
  if (from === 'everyone') return undefined;
  return from === 'participant' ? 'caller' : 'callee';
}
