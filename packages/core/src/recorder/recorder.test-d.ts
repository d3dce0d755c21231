import type { Capabilities } from '../capabilities/capabilities.ts';
import type { OfferOf } from '../capabilities/offer.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { defineFlow } from '../flow/flow.ts';
import { createRecorder } from './create-recorder.ts';
import type { Recorder } from './recorder.ts';
import type { Session } from './session.ts';
import type { bareCapabilities, fullCapabilities } from './testing/scripted-provider.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <_T extends true>() => {};

declare const full: RecordingDriver<typeof fullCapabilities>;
declare const bare: RecordingDriver<typeof bareCapabilities>;
declare const configured: RecordingDriver<Capabilities>;
const reference = { kind: 'test.call', provider: 'main', key: 'k', data: {} } as const;
const mixed = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
const mixture = { media: 'audio', layout: 'separate', container: 'mp3' } as const;
const video = { media: 'audio-video', layout: 'mixed', container: 'mp4' } as const;

export async function verbsFollowTheLiteral(): Promise<void> {
  const session = await createRecorder(full).start({ call: reference, output: mixed });
  await session.pause({ until: 'accepted' });
  const digits = await session.secureSection(async ({ signal }) => signal.aborted, { maxMs: 1 });
  same<Equal<typeof digits, boolean>>();
  await session.discard();
  await createRecorder(full).announce(reference, { text: 'x' });

  const plain = await createRecorder(bare).start({ call: reference });
  await plain.stop();
  // @ts-expect-error: this provider cannot pause
  plain.pause;
  // @ts-expect-error: nor take card numbers
  plain.secureSection;
  // @ts-expect-error: nor discard
  plain.discard;
  // @ts-expect-error: nor announce
  createRecorder(bare).announce;
}

export async function outputsFollowTheLiteral(): Promise<void> {
  // @ts-expect-error: an output that the provider lacks does not compile
  await createRecorder(full).start({ call: reference, output: video });
  // @ts-expect-error: combinations are legal or not as a whole
  await createRecorder(full).start({ call: reference, output: mixture });
  same<Equal<Recorder<OfferOf<typeof bareCapabilities>>['output'], (typeof bareCapabilities)['outputs'][number]>>();
}

export async function emulationsAreOffered(): Promise<void> {
  const session = await createRecorder(bare, { emulate: ['pause-by-segments'] }).start({ call: reference });
  await session.pause();
  // @ts-expect-error: nothing else is emulated by it
  session.discard;
  // @ts-expect-error: no such emulation
  createRecorder(bare, { emulate: ['pause-by-magic'] });
}

export async function configurationIsNarrowedByRequirement(): Promise<void> {
  const recorder = createRecorder(configured);
  const unknown = await recorder.start({ call: reference, output: video });
  // @ts-expect-error: what is only known at run time has to be required
  unknown.pause;
  const met = recorder.require({ outputs: [mixed], pause: 'required', discard: 'preferred' });
  const session = await met.start({ call: reference });
  await session.pause();
  await session.discard?.();
  // @ts-expect-error: what is preferred may be missing
  await session.discard();
  // @ts-expect-error: what was not asked for is not promised
  session.announce;
  // @ts-expect-error: the output is the one that was asked for
  await met.start({ call: reference, output: video });
  same<Equal<typeof met.output, typeof mixed>>();
}

export function turnsFollowTheRequirement(): void {
  defineFlow(
    { outputs: [mixed], pause: 'preferred', announce: 'required' },
    {
      onCall(_, turn) {
        turn.announce({ text: 'x' });
        const id: string = turn.start({ output: mixed });
        turn.secure?.(id, { maxMs: 1 });
        // @ts-expect-error: preferred, so it may be missing
        turn.pause(id);
        // @ts-expect-error: not asked for
        turn.start({ output: video });
      },
    },
  );
  defineFlow(
    {},
    {
      onCall(_, turn) {
        // @ts-expect-error: not asked for
        turn.announce;
      },
    },
  );
}

export async function attachedSessionsAreTypedAlike(): Promise<void> {
  const recorder = createRecorder(full);
  same<Equal<Awaited<ReturnType<typeof recorder.attach>>, Session<OfferOf<typeof fullCapabilities>>>>();
  await using closing = recorder;
  for await (const { state } of (await closing.attach('id')).watch()) state satisfies string;
}
