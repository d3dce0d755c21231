import { ok } from 'node:assert/strict';
import type { SessionSnapshot, SessionState, StartRequest } from '@onrecord/core';
import type { KitCall, KitRecorder, KitSession, ProviderRequest, RecordingHarness } from './harness.ts';
import { SECRET, VOICE } from './voices.ts';

const QUIET_MS = 120_000;

/** Lets so much time pass that nothing can be on its way any more. */
export async function quiet(harness: RecordingHarness): Promise<void> {
  await harness.clock.advance(harness.quietMs ?? QUIET_MS);
}

/** Beyond everything that may be waited for; an hour by default, short in virtual time. */
export function limitOf({ quietMs = QUIET_MS }: RecordingHarness): number {
  return 30 * quietMs;
}

/** A recording under way. */
export interface Running {
  readonly recorder: KitRecorder;
  readonly call: KitCall;
  readonly session: KitSession;
}

export const consent = { basis: 'application', noticeId: 'contract-kit' } as const;

/** Two people on a call, each with a voice of their own. */
export async function talkingCall(harness: RecordingHarness): Promise<KitCall> {
  const call = await harness.openCall();
  call.say('reference', VOICE.reference);
  call.say('other', VOICE.other);
  return call;
}

/** Starts a recording of a fresh call and waits until it is confirmed. */
export async function recording(
  harness: RecordingHarness,
  request: Partial<Omit<StartRequest, 'call'>> = {},
): Promise<Running> {
  const call = await talkingCall(harness);
  const recorder = await harness.recorder();
  const session = await harness.clock.until(recorder.start({ call: call.ref, consent, ...request }), limitOf(harness));
  return { recorder, call, session };
}

export async function pause(harness: RecordingHarness, session: KitSession): Promise<void> {
  ok(session.pause, 'The session has no pause although the capabilities declare one');
  await harness.clock.until(session.pause(), limitOf(harness));
}

export async function resume(harness: RecordingHarness, session: KitSession): Promise<void> {
  ok(session.resume, 'The session has no resume although the capabilities declare pause');
  await harness.clock.until(session.resume(), limitOf(harness));
}

export async function stop(harness: RecordingHarness, session: KitSession): Promise<void> {
  await harness.clock.until(session.stop(), limitOf(harness));
}

/** Pauses, has secrets said for `ms`, and resumes; the secrets begin after the pause is proven and end before the resume. */
export async function secretPause(harness: RecordingHarness, { call, session }: Running, ms: number): Promise<void> {
  await pause(harness, session);
  call.say('reference', SECRET.reference);
  call.say('other', SECRET.other);
  await harness.clock.advance(ms);
  call.say('reference', VOICE.reference);
  call.say('other', VOICE.other);
  await resume(harness, session);
}

/** Ends the call and waits until nothing is outstanding. Some providers deliver only after the call. */
export async function settle(
  harness: RecordingHarness,
  { call, session }: Omit<Running, 'recorder'>,
): Promise<SessionSnapshot> {
  await call.end();
  try {
    return await harness.clock.until(session.settled(), limitOf(harness));
  } catch (cause) {
    const { state, verdict, artifacts } = await session.snapshot();
    const files = artifacts.map((artifact) => `${artifact.role} ${artifact.state}`).join(', ') || 'no file';
    throw new Error(`The session did not settle: it is ${state}, ${verdict}, with ${files}`, { cause });
  }
}

/** Lets time pass until the session is in one of the states. */
export async function reaches(
  harness: RecordingHarness,
  session: KitSession,
  ...states: readonly SessionState[]
): Promise<SessionSnapshot> {
  const found = async (): Promise<SessionSnapshot> => {
    for await (const snapshot of session.watch()) if (states.includes(snapshot.state)) return snapshot;
    throw new Error(`The session settled as ${(await session.snapshot()).state} and was never ${states.join(' or ')}`);
  };
  return harness.clock.until(found(), limitOf(harness));
}

/** What the provider was told to do so far. */
export function commands(harness: RecordingHarness): readonly ProviderRequest[] {
  return harness.requests().filter(({ kind }) => kind === 'command');
}

/** What a session is, without its description of itself, which may be written after everything else. */
export function described(snapshot: SessionSnapshot): SessionSnapshot {
  return { ...snapshot, artifacts: snapshot.artifacts.filter(({ role }) => role !== 'manifest') };
}
