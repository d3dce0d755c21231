import type { Capabilities } from '@onrecord/core';

/**
 * What call analytics can do: two Kinesis video streams become the two channels of one file, written after the call. It
 * cannot pause: pausing a pipeline stops its processors, and the recording goes on.
 */
export const chimeInsightsCapabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['chime.kvs-streams'],
  outputs: [
    { media: 'audio', layout: 'separate', container: 'wav' },
    { media: 'audio', layout: 'separate', container: 'ogg' },
  ],
  pause: false,
  discard: false,
  announce: false,
  starts: { scope: 'call', concurrent: 'unlimited', total: 'unlimited' },
  confirms: { start: ['push', 'poll'], pause: [], resume: [], stop: ['push', 'poll'] },
  commandPlane: 'direct',
  custody: 'landing',
  maxDurationMs: 28_800_000,
  lookup: 'list',
  status: true,
} as const;

type Checked<C extends Capabilities> = C;

export type ChimeInsightsCapabilities = Checked<typeof chimeInsightsCapabilities>;

/** Why the verbs are missing. */
export const lacks: { readonly pause: string } = {
  pause:
    'Pausing a media insights pipeline stops its processors and not the recording, which goes on to hold what must stay out.',
};
