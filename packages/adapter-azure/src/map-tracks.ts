import type { CallRef, Output, Track } from '@onrecord/core';
import type { Voice } from './metadata/read-metadata.ts';

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
 * Whose voice is on which channel, as the metadata file tells it; whoever has no channel has no track. In a `separate`
 * file the reference has the lowest channel: pinned to 0, or heard first; with one other channel, that one holds
 * everyone else. `offsetMs` is wall time from the first file's beginning to this one's.
 */
export function heardTracks(
  call: CallRef,
  layout: Output['layout'],
  voices: readonly Voice[],
  offsetMs: number,
): readonly Track[] {
  if (layout === 'mixed') return [{ ...everyone(call), offsetMs }];
  const assigned = voices.flatMap(({ participant, channel }) =>
    channel === undefined ? [] : { participant, channel },
  );
  const channels = [...new Set(assigned.map(({ channel }) => channel))].sort((left, right) => left - right);
  const pair = layout === 'separate' && channels.length === 2;
  return channels.flatMap((channel, index) =>
    assigned
      .filter((voice) => voice.channel === channel)
      .map(({ participant }) => ({
        channel,
        from: pair && index === 1 ? 'everyone-else' : 'participant',
        participant,
        ...common(call),
        offsetMs,
      })),
  );
}

function everyone(call: CallRef): Track {
  return { from: 'everyone', ...common(call) };
}

function common(call: CallRef): Pick<Track, 'relativeTo' | 'offsetMs' | 'prompts'> {
  return { relativeTo: call.key, offsetMs: 0, prompts };
}
