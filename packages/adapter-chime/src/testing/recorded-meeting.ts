import type { Artifact, JsonObject, SessionRecord } from '@onrecord/core';
import { toneLevel } from '@onrecord/core/media';
import { decodeMp4Audio } from '@onrecord/simulator';
import { ANN_HZ, BOB_HZ, type MeetingScene } from './meeting-scene.ts';

export const audio = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
export const consent = { basis: 'application', noticeId: 'notice-1' } as const;
/** For scenes in which sessions are to be settled. */
export const archived = { archived: true } as const;

/** Records for a while, stops, and waits until the session is settled. */
export async function recorded(
  scene: MeetingScene,
  ms: number = 22_000,
  providerOptions: JsonObject = {},
): Promise<SessionRecord> {
  const request = { call: scene.call, output: audio, consent, providerOptions };
  const session = await scene.settle(scene.recorder.start(request));
  await scene.pass(ms);
  await scene.settle(session.stop());
  await scene.settle(session.settled());
  return (await scene.store.load(session.id))!;
}

/** How often a concatenation was asked for. */
export function creations(scene: MeetingScene): number {
  return scene.chime.requests().filter(({ operation }) => operation === 'CreateMediaConcatenationPipeline').length;
}

export function messages({ snapshot }: SessionRecord): readonly string[] {
  return snapshot.anomalies.map(({ message }) => message);
}

export function master({ snapshot }: SessionRecord): Artifact {
  return snapshot.artifacts.find(({ role }) => role === 'master')!;
}

/** What is in the archived recording: its length, and the levels of both voices in decibels. */
export async function heard(
  scene: MeetingScene,
  record: SessionRecord,
): Promise<{ readonly durationMs: number; readonly ann: number; readonly bob: number }> {
  const bytes = scene.archive.native().get(scene.archive.keyOf(master(record).location)!)!;
  const { channels, sampleRate, durationMs } = await decodeMp4Audio(bytes);
  const level = (hz: number) => toneLevel(channels[0]!, sampleRate, hz);
  return { durationMs, ann: level(ANN_HZ), bob: level(BOB_HZ) };
}
