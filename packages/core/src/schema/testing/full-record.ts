import type { Json } from '../../json.ts';
import type { SessionRecord } from '../../session/record.ts';
import { sessionSchema } from '../../session/record.ts';

/** Every optional member present: so that a member added to the types must be added here, and then to the schema. */
type Full<T> = T extends string | number | boolean | null
  ? T
  : string extends keyof T
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Full<Item>[]
      : { readonly [K in keyof T]-?: Json extends Exclude<T[K], undefined> ? Json : Full<Exclude<T[K], undefined>> };

const time = '2026-01-01T00:00:00.000Z';
const later = '2026-01-01T00:01:00.000Z';
const call = {
  kind: 'chime.sma-leg',
  provider: 'main',
  key: 'call-1',
  region: 'eu-central-1',
  data: { callId: 'LEG-A' },
} as const;
const track = {
  channel: 0,
  from: 'participant',
  participant: 'alice',
  relativeTo: 'call-1',
  offsetMs: 0,
  prompts: 'included',
} as const;
const expected = {
  uri: 's3://landing/a.wav',
  prefix: 's3://landing/',
  except: '_enhanced',
  role: 'master',
  container: 'wav',
  tracks: [track],
} as const;
const refusal = { code: 'conflict', message: 'No.' } as const;
const sha256 = 'ab'.repeat(32);
const id = '0190b0a0-0000-7000-8000-000000000000';

/** A record in which every member that exists is there. It makes no sense as a recording. */
export const fullRecord: Full<SessionRecord> = {
  schema: sessionSchema,
  id,
  revision: 7,
  provider: 'main',
  deployment: 'test',
  tenant: 'tenant',
  region: 'eu-central-1',
  labels: { queue: 'sales' },
  consent: { basis: 'announced', noticeId: 'notice-1' },
  retention: { days: 30 },
  hold: { reason: 'dispute' },
  idempotencyKey: 'key',
  requestDigest: 'digest',
  call,
  output: { media: 'audio', layout: 'separate', container: 'wav' },
  startPaused: false,
  maxDurationMs: 3_600_000,
  providerOptions: { option: 1 },
  pauseEffect: 'silence',
  emulate: ['pause-by-segments'],
  archive: { mode: 'copy' },
  createdAt: time,
  parts: [
    {
      id: 'p1',
      ordinal: 1,
      kind: 'leg',
      call,
      handle: { opaque: true },
      facts: { a: 1 },
      keys: ['k'],
      createdAt: time,
    },
  ],
  commands: [
    {
      id: 'c1',
      ordinal: 1,
      kind: 'pause',
      sends: 'stop',
      partId: 'p1',
      recordedAt: time,
      adopted: true,
      token: 'token',
      firstSentAt: time,
      acceptedAt: time,
      answerLost: true,
      refused: { ...refusal, at: time },
      confirmWithinMs: 300_000,
      timedOutAt: later,
      purpose: 'secure',
      maxMs: 60_000,
      expiredAt: later,
    },
  ],
  reports: [
    {
      reportId: 'r1',
      subject: { correlation: `${id}.p1` },
      seen: {
        capturing: true,
        ended: true,
        endReason: 'requested',
        refused: refusal,
        media: [
          {
            key: 'k',
            uri: 's3://landing/a.wav',
            role: 'master',
            container: 'wav',
            mediaType: 'audio/wav',
            bytes: 44,
            durationMs: 1_000,
            channels: 2,
            expiresAt: later,
            gone: false,
            access: { deleteUrl: 'https://host/delete' },
            tracks: [track],
            final: true,
            side: true,
            index: 0,
            version: 'A1',
          },
        ],
        expects: [expected],
        pauses: [{ from: time, durationMs: 500 }],
        anomaly: { code: 'invalid-answer', message: 'The answer names no file.' },
        handle: 'handle',
        providerKeys: ['k'],
        facts: { b: 2 },
      },
      cause: { commandId: 'c1' },
      clock: { domain: 'provider:x', at: time, sequence: 1 },
      via: 'push',
      receivedAt: time,
    },
    {
      reportId: 'r2',
      subject: { providerKey: 'k' },
      seen: {
        capturing: false,
        ended: false,
        endReason: 'unknown',
        refused: refusal,
        media: [],
        expects: [],
        pauses: [],
        anomaly: { code: 'contradiction', message: '' },
        handle: null,
        providerKeys: [],
        facts: {},
      },
      cause: { asOfOrdinal: 1 },
      clock: { domain: 'none', at: time, sequence: 1 },
      via: 'poll',
      receivedAt: time,
    },
  ],
  expectations: [
    { partId: 'p1', call, media: expected, by: later, minDurationMs: 1_000, state: 'expected', missingSince: later },
  ],
  transfers: [
    {
      mediaKey: 'k',
      state: 'stored',
      uri: 'file:///a.wav',
      bytes: 44,
      sha256,
      durationMs: 1_000,
      channels: 2,
      sampleRateHz: 8_000,
      codec: 'pcm_s16le',
      derivedFrom: 'm',
      brokenOff: { problem: 'Cut.', since: later, fingerprint: '44-00000000', final: true, unrepairable: 'Too long.' },
      attempts: 1,
      error: 'Once.',
      nextAttemptAt: later,
      verifiedAt: later,
    },
  ],
  snapshot: {
    state: 'completed',
    endReason: 'requested',
    history: [{ state: 'requested', inferred: false }],
    parts: [
      {
        id: 'p1',
        kind: 'leg',
        state: 'ended',
        capturing: false,
        startedAt: time,
        startPrecision: 'confirmed',
        endedAt: later,
        endReason: 'requested',
      },
    ],
    commands: [
      {
        id: 'c1',
        ordinal: 1,
        kind: 'pause',
        partId: 'p1',
        state: 'confirmed',
        at: time,
        precision: 'provider',
        provenBy: 'r1',
        error: refusal,
      },
    ],
    pauses: [{ from: time, to: later, precision: 'requested', effect: 'omitted', partId: 'p1' }],
    artifacts: [
      {
        id: 'p1-master-0',
        mediaKey: 'k',
        partId: 'p1',
        role: 'master',
        state: 'stored',
        location: 'file:///a.wav',
        source: 's3://landing/a.wav',
        container: 'wav',
        mediaType: 'audio/wav',
        bytes: 44,
        sha256,
        durationMs: 1_000,
        channels: 2,
        sampleRateHz: 8_000,
        codec: 'pcm_s16le',
        expiresAt: later,
        side: true,
        tracks: [track],
        derivedFrom: 'p1-master-1',
        problem: 'Cut.',
      },
    ],
    verdict: 'present',
    emulated: ['pause-by-segments'],
    anomalies: [{ code: 'contradiction', message: 'Odd.', partId: 'p1', reportId: 'r1' }],
  },
  outbox: [
    {
      event: {
        specversion: '1.0',
        id: `${id}/1`,
        type: 'dev.onrecord.recording.started.v1',
        source: 'onrecord/test/main',
        subject: id,
        time,
        datacontenttype: 'application/json',
        sequence: '1',
        data: { state: 'recording' },
      },
      attempts: 1,
      nextAttemptAt: later,
    },
  ],
  sequence: 1,
  lease: { owner: 'worker', until: later },
  dueAt: later,
};
