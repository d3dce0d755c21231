import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import { type CallNotice, type ErrorCode, formatOutput, OnRecordError, type Output, sameOutput } from '@onrecord/core';
import { always } from '../case.ts';
import {
  announces,
  cannotAnnounce,
  cannotStartPaused,
  losesAnswers,
  type RecordingCase,
  startsPaused,
  where,
} from './applicability.ts';
import type { ProviderRequest, RecordingHarness } from './harness.ts';
import { commands, consent, limitOf, quiet, reaches, recording, settle, stop, talkingCall } from './scenario.ts';

const everyOutput: readonly Output[] = (['audio', 'audio-video'] as const).flatMap((media) =>
  (['mixed', 'separate', 'per-participant', 'incoming', 'outgoing'] as const).flatMap((layout) =>
    (['wav', 'mp3', 'mp4', 'ogg'] as const).map((container) => ({ media, layout, container })),
  ),
);

/** Fails unless `attempt` is refused with `code` before anything reached the provider or the store. */
export async function refusedUnasked(
  harness: RecordingHarness,
  code: ErrorCode,
  attempt: () => unknown,
): Promise<OnRecordError> {
  const requests = harness.requests().length;
  const sessions = await harness.store.list();
  // A worker may be asking about a recording that runs.
  const counts = ({ kind }: ProviderRequest) => kind === 'command' || sessions.length === 0;
  let refusal: unknown;
  await rejects(
    async () => harness.clock.until((async () => attempt())()),
    (error) => {
      refusal = error;
      return OnRecordError.is(error, code);
    },
  );
  deepEqual(harness.requests().slice(requests).filter(counts), [], 'the provider was asked all the same');
  deepEqual(await harness.store.list(), sessions, 'a session was stored all the same');
  if (!OnRecordError.is(refusal)) throw refusal;
  return refusal;
}

export const startCases: readonly RecordingCase[] = [
  {
    id: 'REC-START-001',
    rule: 'A start that resolved is a recording that runs: one, no more, and the session says so.',
    appliesTo: always,
    async run(harness) {
      const running = await recording(harness);
      equal(harness.recordings(), 1);
      equal((await running.session.snapshot()).state, 'recording');
      await quiet(harness);
      equal((await running.session.snapshot()).state, 'recording');
      equal(harness.recordings(), 1, 'another recording began by itself');
      await stop(harness, running.session);
      await settle(harness, running);
    },
  },
  {
    id: 'REC-START-002',
    rule: 'Repeating a start under its idempotency key, at once or later, returns the one session and starts nothing.',
    appliesTo: always,
    async run(harness) {
      const call = await talkingCall(harness);
      const recorder = await harness.recorder();
      const request = { call: call.ref, consent, idempotencyKey: 'once' };
      const sessions = await harness.clock.until(
        Promise.all([recorder.start(request), recorder.start(request), recorder.start(request)]),
      );
      equal(new Set(sessions.map(({ id }) => id)).size, 1);
      const asked = commands(harness);
      const again = await harness.clock.until(recorder.start(request));
      equal(again.id, sessions[0]?.id);
      equal(harness.recordings(), 1);
      deepEqual(commands(harness), asked, 'the provider was told something again');
      deepEqual(await harness.store.list(), [again.id]);
      await harness.clock.advance(1_000);
      await stop(harness, again);
      await settle(harness, { call, session: again });
    },
  },
  {
    id: 'REC-START-003',
    rule: 'The same key with another request is a conflict, not a replay, and the provider is not asked.',
    appliesTo: always,
    async run(harness) {
      const { recorder, call } = await recording(harness, { idempotencyKey: 'once' });
      const other = { call: call.ref, consent, idempotencyKey: 'once', maxDurationMs: 61_000 };
      await refusedUnasked(harness, 'conflict', () => recorder.start(other));
    },
  },
  {
    id: 'REC-START-004',
    rule: 'A second start on a call that is being recorded is refused, and names the session that exists.',
    appliesTo: always,
    async run(harness) {
      const { recorder, call, session } = await recording(harness);
      const error = await refusedUnasked(harness, 'already-exists', () => recorder.start({ call: call.ref, consent }));
      equal(error.context['sessionId'], session.id);
    },
  },
  {
    id: 'REC-START-005',
    rule: 'An output that is not declared is refused before any request leaves, by start and by require.',
    appliesTo: always,
    async run(harness) {
      const call = await talkingCall(harness);
      const recorder = await harness.recorder();
      const declared = recorder.capabilities.outputs;
      const undeclared = everyOutput.filter((output) => !declared.some((other) => sameOutput(other, output)));
      for (const output of undeclared) {
        const error = await refusedUnasked(harness, 'unsupported', () =>
          recorder.start({ call: call.ref, consent, output }),
        );
        ok(error.message.includes(formatOutput(output)), `the refusal does not name ${formatOutput(output)}`);
        await refusedUnasked(harness, 'unsupported', () => recorder.require({ outputs: [output] }));
      }
      equal(harness.recordings(), 0);
    },
  },
  {
    id: 'REC-START-006',
    rule: 'A start that the provider refuses throws a typed error that says who has to act, and leaves a failed session.',
    appliesTo: always,
    async run(harness) {
      const recorder = await harness.recorder();
      await rejects(
        harness.clock.until(recorder.start({ call: harness.unknownCall(), consent })),
        (error) => OnRecordError.is(error) && error.code !== 'unknown' && error.code !== 'timeout',
      );
      equal(harness.recordings(), 0);
      const [id] = await harness.store.list();
      ok(id, 'the attempt left no record');
      const session = await recorder.attach(id);
      const snapshot = await harness.clock.until(session.settled());
      deepEqual([snapshot.state, snapshot.endReason, snapshot.verdict], ['failed', 'never-started', 'none']);
    },
  },
  {
    id: 'REC-START-007',
    rule: 'When the answer to a start is lost the recording is found again, controlled, and not started twice.',
    appliesTo: losesAnswers,
    async run(harness) {
      const call = await talkingCall(harness);
      const recorder = await harness.recorder();
      harness.loseNextAnswer?.();
      const session = await harness.clock.until(recorder.start({ call: call.ref, consent }));
      await reaches(harness, session, 'recording');
      equal(harness.recordings(), 1);
      await harness.clock.advance(1_000);
      await stop(harness, session);
      const snapshot = await settle(harness, { call, session });
      deepEqual([snapshot.state, snapshot.endReason], ['completed', 'requested']);
      equal(harness.recordings(), 1);
    },
  },
  {
    id: 'REC-START-008',
    rule: 'A recording that starts paused captures nothing until it is resumed.',
    appliesTo: where(startsPaused),
    async run(harness) {
      const running = await recording(harness, { startPaused: true });
      equal((await running.session.snapshot()).state, 'paused');
      notEqual((await running.session.snapshot()).parts[0]?.capturing, true);
      await stop(harness, running.session);
      const snapshot = await settle(harness, running);
      deepEqual([snapshot.state, snapshot.endReason, snapshot.verdict], ['completed', 'empty', 'none']);
    },
  },
  {
    id: 'REC-START-009',
    rule: 'A provider that cannot start paused is not asked to: it would capture what was meant to stay out.',
    appliesTo: cannotStartPaused,
    async run(harness) {
      const call = await talkingCall(harness);
      const recorder = await harness.recorder();
      await refusedUnasked(harness, 'unsupported', () =>
        recorder.start({ call: call.ref, consent, startPaused: true }),
      );
      await refusedUnasked(harness, 'unsupported', () => recorder.require({ pause: { startPaused: true } }));
      equal(harness.recordings(), 0);
    },
  },
  {
    id: 'REC-ANNOUNCE-001',
    rule: 'A provider that cannot announce is not relied on: requiring it fails, and a start without consent is refused.',
    appliesTo: cannotAnnounce,
    async run(harness) {
      const call = await talkingCall(harness);
      const recorder = await harness.recorder();
      await refusedUnasked(harness, 'unsupported', () => recorder.require({ announce: 'required' }));
      await refusedUnasked(harness, 'invalid-request', () => recorder.start({ call: call.ref }));
      equal(harness.recordings(), 0);
    },
  },
  {
    id: 'REC-ANNOUNCE-002',
    rule: 'An announcement is told of once it was played, by the id that it was given: that is the evidence of consent.',
    appliesTo: announces,
    async run(harness, { announcement }) {
      const call = await talkingCall(harness);
      const recorder = await harness.recorder();
      ok(recorder.announce && recorder.serve && announcement, 'The recorder has no announce, or serves no flow');
      const told: CallNotice[] = [];
      let wake = () => {};
      recorder.serve({
        requirement: {},
        onCall(notice) {
          told.push(notice);
          wake();
        },
      });
      const id = await harness.clock.until(recorder.announce(call.ref, announcement), limitOf(harness));
      const about = () => told.find((notice) => 'announcementId' in notice && notice.announcementId === id);
      const played = async () => {
        while (!about()) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      };
      await harness.clock.until(played(), limitOf(harness));
      const notice = about();
      equal(notice?.type, 'call.announced', `the announcement ended as ${JSON.stringify(notice)}`);
      equal(notice?.call.key, call.ref.key, 'it is told of on another call');
      await quiet(harness);
      const again = told.filter((other) => 'announcementId' in other && other.announcementId === id);
      equal(new Set(again.map(({ noticeId }) => noticeId)).size, 1, 'one announcement is told of in two ways');
    },
  },
];
