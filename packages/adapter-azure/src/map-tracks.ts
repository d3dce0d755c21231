import type { CallRef, Output, Track } from '@onrecord/core';

/** Prompts have been reported missing from recordings (azure-sdk-for-python#36880). */
const prompts = 'unknown';

/**
 * The tracks that can be promised at the start: all of a mixed file; the pinned channels of an unmixed one. The rest
 * is known only from the metadata file.
 */
export function expectedTracks(call: CallRef, output: Output, pinned: readonly string[]): readonly Track[] {
  const common = { relativeTo: call.key, offsetMs: 0, prompts } as const;
  if (output.layout === 'mixed') return [{ from: 'everyone', ...common }];
  return pinned.map((participant, channel) => ({ channel, from: 'participant', participant, ...common }));
}

/**
 * Whose voice is on which channel, as the metadata file tells it. In a `separate` file the reference is who was pinned
 * to it, else who was heard first; with one other channel, that one holds everyone else.
 */
export function tracksFromMetadata(
  call: CallRef,
  output: Output,
  voices: readonly { readonly participant: string; readonly channel: number }[],
  reference: string | undefined,
): readonly Track[] {
  const common = { relativeTo: call.key, offsetMs: 0, prompts } as const;
  if (output.layout === 'mixed') return [{ from: 'everyone', ...common }];
  const sorted = voices.toSorted((left, right) => left.channel - right.channel);
  const first = sorted.find(({ participant }) => participant === reference) ?? sorted[0];
  const alone = output.layout === 'separate' && sorted.length === 2;
  return sorted.map((voice) => ({
    channel: voice.channel,
    from: alone && voice !== first ? 'everyone-else' : 'participant',
    participant: voice.participant,
    ...common,
  }));
}
