import type { CallRef, Output, Track } from '@onrecord/core';
import type { Voice } from './map-metadata.ts';

/** Prompts have been reported missing from recordings (azure-sdk-for-python#36880). */
const prompts = 'unknown';

/**
 * The tracks that can be promised at the start: all of a mixed file; the pinned channels of an unmixed one. The rest
 * is known only from the metadata file.
 */
export function expectedTracks(call: CallRef, output: Output, pinned: readonly string[]): readonly Track[] {
  if (output.layout === 'mixed') return [everyone(call)];
  return pinned.map((participant, channel) => ({ channel, from: 'participant', participant, ...common(call) }));
}

/**
 * Whose voice is on which channel, as the metadata file tells it. In a `separate` file the reference has the lowest
 * channel: pinned to 0, or heard first; with one other channel, that one holds everyone else.
 */
export function heardTracks(call: CallRef, output: Output, voices: readonly Voice[]): readonly Track[] {
  if (output.layout === 'mixed') return [everyone(call)];
  const sorted = voices.toSorted((left, right) => left.channel - right.channel);
  const pair = output.layout === 'separate' && sorted.length === 2;
  return sorted.map(({ participant, channel }, index) => ({
    channel,
    from: pair && index === 1 ? 'everyone-else' : 'participant',
    participant,
    ...common(call),
  }));
}

function everyone(call: CallRef): Track {
  return { from: 'everyone', ...common(call) };
}

function common(call: CallRef): Pick<Track, 'relativeTo' | 'offsetMs' | 'prompts'> {
  return { relativeTo: call.key, offsetMs: 0, prompts };
}
