import { mapOf, oneOf, type Shape } from './shape.ts';

/** The types of a record's members; `schemas/session-record.v1.schema.json` says the same and more. */
const text = 'string';
const number = 'number';
const flag = 'boolean';

const call: Shape = { kind: text, provider: text, key: text, 'region?': text, data: 'object' };
const refusal: Shape = { code: text, message: text };

const track: Shape = {
  'channel?': number,
  from: text,
  'participant?': text,
  relativeTo: text,
  offsetMs: number,
  prompts: text,
};

const expected: Shape = {
  'uri?': text,
  'prefix?': text,
  'except?': text,
  'several?': flag,
  role: text,
  container: text,
  'tracks?': [track],
};

const released: Shape = { outcome: text, at: text, 'requestId?': text };

const sighting: Shape = {
  key: text,
  uri: text,
  role: text,
  'container?': text,
  'mediaType?': text,
  'bytes?': number,
  'durationMs?': number,
  'channels?': number,
  'expiresAt?': text,
  'gone?': flag,
  'access?': 'object',
  'tracks?': [track],
  'final?': flag,
  'side?': flag,
  'released?': released,
  'index?': number,
  'version?': text,
};

const report: Shape = {
  reportId: text,
  subject: oneOf({ correlation: text }, { providerKey: text, 'sharedKey?': text }),
  seen: {
    'capturing?': flag,
    'ended?': flag,
    'endReason?': text,
    'refused?': refusal,
    'media?': [sighting],
    'expects?': [expected],
    'pauses?': [{ from: text, durationMs: number }],
    'anomaly?': { code: text, message: text },
    'providerKeys?': [text],
    'facts?': 'object',
  },
  cause: oneOf({ commandId: text }, { asOfOrdinal: number }, { unattributed: flag }),
  clock: { domain: text, 'at?': text, 'sequence?': number },
  via: text,
  receivedAt: text,
};

const command: Shape = {
  id: text,
  ordinal: number,
  kind: text,
  sends: text,
  partId: text,
  recordedAt: text,
  'adopted?': flag,
  token: text,
  'firstSentAt?': text,
  'acceptedAt?': text,
  'answerLost?': flag,
  'refused?': { code: text, message: text, at: text },
  'confirmWithinMs?': number,
  'timedOutAt?': text,
  'purpose?': text,
  'maxMs?': number,
  'expiredAt?': text,
};

const part: Shape = {
  id: text,
  ordinal: number,
  kind: text,
  call,
  'facts?': 'object',
  keys: [text],
  createdAt: text,
};

const transfer: Shape = {
  mediaKey: text,
  state: text,
  'uri?': text,
  'bytes?': number,
  'sha256?': text,
  'durationMs?': number,
  'channels?': number,
  'sampleRateHz?': number,
  'codec?': text,
  'derivedFrom?': text,
  'brokenOff?': { problem: text, since: text, fingerprint: text, final: flag, 'unrepairable?': text },
  attempts: number,
  'error?': text,
  'nextAttemptAt?': text,
  'verifiedAt?': text,
};

const artifact: Shape = {
  id: text,
  mediaKey: text,
  partId: text,
  role: text,
  state: text,
  location: text,
  source: text,
  'container?': text,
  'mediaType?': text,
  'bytes?': number,
  'sha256?': text,
  'durationMs?': number,
  'channels?': number,
  'sampleRateHz?': number,
  'codec?': text,
  'expiresAt?': text,
  'side?': flag,
  tracks: [track],
  'derivedFrom?': text,
  'released?': released,
  'problem?': text,
};

const snapshot: Shape = {
  state: text,
  'endReason?': text,
  history: [{ state: text, inferred: flag }],
  parts: [
    {
      id: text,
      kind: text,
      state: text,
      'capturing?': flag,
      'startedAt?': text,
      'startPrecision?': text,
      'endedAt?': text,
      'endReason?': text,
    },
  ],
  commands: [
    {
      id: text,
      ordinal: number,
      kind: text,
      partId: text,
      state: text,
      'at?': text,
      'precision?': text,
      'provenBy?': text,
      'error?': refusal,
    },
  ],
  pauses: [{ from: text, 'to?': text, precision: text, effect: text, partId: text }],
  artifacts: [artifact],
  verdict: text,
  emulated: [text],
  anomalies: [{ code: text, message: text, 'partId?': text, 'reportId?': text }],
};

const event: Shape = {
  specversion: text,
  id: text,
  type: text,
  source: text,
  subject: text,
  time: text,
  datacontenttype: text,
  sequence: text,
  data: 'object',
};

export const recordShape: Shape = {
  schema: text,
  id: text,
  revision: number,
  provider: text,
  deployment: text,
  'tenant?': text,
  'region?': text,
  labels: mapOf(text),
  'consent?': { basis: text, noticeId: text },
  'retention?': 'object',
  'hold?': 'object',
  idempotencyKey: text,
  requestDigest: text,
  call,
  output: { media: text, layout: text, container: text },
  startPaused: flag,
  'maxDurationMs?': number,
  'providerOptions?': 'object',
  'pauseEffect?': text,
  emulate: [text],
  archive: { mode: text },
  createdAt: text,
  parts: [part],
  commands: [command],
  reports: [report],
  expectations: [
    {
      partId: text,
      call,
      'media?': expected,
      'by?': text,
      'minDurationMs?': number,
      state: text,
      'missingSince?': text,
    },
  ],
  transfers: [transfer],
  snapshot,
  outbox: [{ event, attempts: number, 'nextAttemptAt?': text }],
  sequence: number,
  'lease?': { owner: text, until: text },
  'dueAt?': text,
};
