import type { Capabilities } from '@onrecord/core';

/**
 * What a media capture pipeline can do. It cannot pause (stopping and creating anew is an emulation that core offers)
 * and nothing in a meeting can announce. One pipeline per meeting at a time; the file is made afterwards, by a
 * concatenation pipeline, in the user's bucket.
 */
export const chimeMeetingCapabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['chime.meeting'],
  outputs: [
    { media: 'audio', layout: 'mixed', container: 'mp4' },
    { media: 'audio-video', layout: 'mixed', container: 'mp4' },
  ],
  pause: false,
  discard: false,
  announce: false,
  starts: { scope: 'meeting', concurrent: 1, total: 'unlimited' },
  confirms: { start: ['push', 'poll'], pause: [], resume: [], stop: ['push', 'poll'] },
  commandPlane: 'direct',
  custody: 'landing',
  lookup: 'list',
  status: true,
} as const;

/** Why the verbs are not there. */
export const lacks: { readonly pause: string; readonly discard: string } = {
  pause:
    "A media capture pipeline has no pause: emulate: ['pause-by-segments'] stops it and creates another one, with a file " +
    'for each and nothing between.',
  discard: 'A media capture pipeline that is deleted has stopped; what it wrote stays in the bucket.',
};

type Checked<C extends Capabilities> = C;

export type ChimeMeetingCapabilities = Checked<typeof chimeMeetingCapabilities>;
