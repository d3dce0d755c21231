/**
 * Type tests, compiled by `npm run test:types`: what does not compile here must not compile, or the unused
 * `@ts-expect-error` is the failure.
 */
import type { Recorder, StartRequest } from '../recorder/recorder.ts';
import type { Session } from '../recorder/session.ts';
import type { Capabilities, PauseEffect } from './capabilities.ts';
import type { EffectOf, Narrow, Offer, OfferFor, OfferOf, Presence } from './offer.ts';
import type { Requirement } from './requirement.ts';

type Equal<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;
function holds<T extends true>(): T | undefined {
  return undefined;
}

const common = {
  spec: 'onrecord.capabilities/v1',
  starts: { scope: 'call', concurrent: 1, total: 'unlimited' },
  confirms: { start: ['push'], pause: ['poll'], resume: ['poll'], stop: ['poll'] },
  commandPlane: 'direct',
  custody: 'provider',
  lookup: 'token',
  status: true,
} as const;

const talking = {
  ...common,
  calls: ['azure.server-call'],
  outputs: [
    { media: 'audio', layout: 'mixed', container: 'mp3' },
    { media: 'audio', layout: 'separate', container: 'wav' },
  ],
  pause: { effects: ['omitted'], fidelity: 'native', startPaused: true },
  discard: false,
  announce: { fidelity: 'native', sources: ['text'], on: ['azure.call-connection'] },
} as const satisfies Capabilities;

const meeting = {
  ...common,
  calls: ['chime.meeting'],
  outputs: [{ media: 'audio-video', layout: 'mixed', container: 'mp4' }],
  pause: false,
  discard: false,
  announce: false,
} as const satisfies Capabilities;

type Talking = OfferOf<typeof talking>;
type Meeting = OfferOf<typeof meeting>;
type Segmented = OfferOf<typeof meeting, 'pause-by-segments'>;
type Unknown = OfferOf<Capabilities>;

// What a literal says is there is there, and nothing else.
holds<Equal<Talking['pause'], 'always'>>();
holds<Equal<Talking['discard'], 'never'>>();
holds<Equal<Talking['announce'], 'always'>>();
holds<Equal<Meeting['pause'], 'never'>>();
holds<Equal<Segmented['pause'], 'always'>>();
// Capabilities known only at run time count as absent.
holds<Equal<Unknown['pause'] | Unknown['discard'] | Unknown['announce'], 'never'>>();

export async function verbsThatAProviderLacksDoNotExist(
  talker: Session<Talking>,
  meeter: Session<Meeting>,
  segmenter: Session<Segmented>,
  recorders: { readonly talking: Recorder<Talking>; readonly meeting: Recorder<Meeting> },
): Promise<void> {
  await talker.pause();
  await talker.secureSection(async () => 'digits', { maxMs: 60_000 });
  await segmenter.resume();
  await meeter.stop();
  // @ts-expect-error a meeting cannot be paused
  await meeter.pause();
  // @ts-expect-error nor hold a secure section
  await meeter.secureSection(async () => 'digits', { maxMs: 60_000 });
  // @ts-expect-error neither discards
  await talker.discard();
  await recorders.talking.announce(
    { kind: 'azure.call-connection', provider: 'main', key: 'k', data: {} },
    { text: 'Hi.' },
  );
  // @ts-expect-error a meeting plays nothing
  await recorders.meeting.announce({ kind: 'chime.meeting', provider: 'main', key: 'k', data: {} }, { text: 'Hi.' });
}

// Outputs are combinations: each part of the second one is legal, and the whole is not.
const call = { kind: 'azure.server-call', provider: 'main', key: 'k', data: {} } as const;
const separateWav = { media: 'audio', layout: 'separate', container: 'wav' } as const;
const separateMp3 = { media: 'audio', layout: 'separate', container: 'mp3' } as const;
export const legal: StartRequest<Talking> = { call, output: separateWav };
// @ts-expect-error separate channels do not come as MP3
export const illegal: StartRequest<Talking> = { call, output: separateMp3 };
// @ts-expect-error audio alone is not what a meeting offers
export const audioOnly: StartRequest<Meeting> = { call, output: separateWav };
// @ts-expect-error an unknown container
export const unknown: Requirement = { outputs: [{ media: 'audio', layout: 'mixed', container: 'flac' }] };

// A start names an effect that its provider has; what is required is what there is to choose from.
holds<Equal<EffectOf<Talking>, 'omitted'>>();
holds<Equal<EffectOf<Meeting>, never>>();
holds<Equal<EffectOf<Segmented>, 'segmented'>>();
holds<Equal<EffectOf<Narrow<Unknown, { readonly pause: 'required' }>>, PauseEffect>>();
holds<Equal<EffectOf<Narrow<Unknown, { readonly pause: { readonly effects: readonly ['silence'] } }>>, 'silence'>>();
holds<Equal<EffectOf<Narrow<Talking, { readonly discard: 'preferred' }>>, 'omitted'>>();
export const omitting: StartRequest<Talking> = { call, pauseEffect: 'omitted' };
// @ts-expect-error this provider cuts the time out
export const silencing: StartRequest<Talking> = { call, pauseEffect: 'silence' };
// @ts-expect-error a meeting cannot be paused
export const pausing: StartRequest<Meeting> = { call, pauseEffect: 'omitted' };

// What is required is there after `require`, what is preferred may be, and what was there stays.
type NarrowPause<O extends Offer, P extends Requirement['pause']> = Narrow<O, { readonly pause: P }>['pause'];
holds<Equal<NarrowPause<Unknown, 'required'>, 'always'>>();
holds<Equal<NarrowPause<Unknown, 'preferred'>, 'maybe'>>();
holds<Equal<NarrowPause<Talking, 'preferred'>, 'always'>>();
holds<Equal<NarrowPause<Unknown, { readonly effects: readonly ['silence'] }>, 'always'>>();
holds<Equal<NarrowPause<Unknown, { readonly strength: 'preferred' }>, 'maybe'>>();
holds<Equal<Narrow<Talking, { readonly discard: 'preferred' }>['pause'], 'always'>>();
holds<Equal<Narrow<Unknown, { readonly announce: 'required' }>['discard'], 'never'>>();
holds<Equal<OfferFor<{ readonly announce: 'preferred' }>['announce'], 'maybe'>>();
type Announcing<A extends Requirement['announce']> = OfferFor<{ readonly announce: A }>['announce'];
holds<Equal<Announcing<{ readonly sources: readonly ['file'] }>, 'always'>>();
holds<Equal<Announcing<{ readonly strength: 'preferred'; readonly sources: readonly ['file'] }>, 'maybe'>>();
holds<Equal<Offer['pause'], Presence>>();

/** What a program gets whose provider is only known from its configuration. */
export async function narrowsAConfiguredRecorder(configured: Recorder<Unknown>): Promise<void> {
  const dynamic = await configured.attach('id');
  // @ts-expect-error nothing says yet that the provider can pause
  await dynamic.pause();

  const recorder = configured.require({
    outputs: [separateWav],
    pause: 'required',
    discard: 'preferred',
    announce: 'preferred',
  });
  const session = await recorder.start({ call, output: separateWav });
  await session.pause();
  // @ts-expect-error preferred: it may be missing
  await session.discard();
  await session.discard?.();
  // @ts-expect-error preferred: it may be missing
  await recorder.announce(call, { text: 'This call is recorded.' });
  await recorder.announce?.(call, { text: 'This call is recorded.' });
  // @ts-expect-error not among the outputs that were required
  await recorder.start({ call, output: separateMp3 });
}
