import { VirtualClock } from '@onrecord/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallNotice, CallRef } from '../call/index.ts';
import { OnRecordError } from '../errors/index.ts';
import type { RecordingEvent } from '../events/event.ts';
import { createRecorder } from '../recorder/create-recorder.ts';
import {
  bareCapabilities,
  fullCapabilities,
  ScriptedProvider,
  scriptedDriver,
} from '../recorder/testing/scripted-provider.ts';
import { memorySessionStore } from '../session-store/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { defineFlow } from './flow.ts';

const call: CallRef = { kind: 'test.call', provider: 'scripted', key: 'call-1', data: {} };
const connected: CallNotice = { type: 'call.connected', noticeId: 'n1', call, answered: true };
let clock: VirtualClock;
let provider: ScriptedProvider;
let store: SessionStore;
let failures: unknown[];
const open: AsyncDisposable[] = [];

beforeEach(() => {
  clock = new VirtualClock();
  provider = new ScriptedProvider();
  store = memorySessionStore();
  failures = [];
});

afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
  clock[Symbol.dispose]();
});

/** Each call is another process over the same store and provider. */
function recorder() {
  const made = createRecorder(scriptedDriver(provider, fullCapabilities), {
    clock,
    store,
    ingest: { onError: (error) => failures.push(error) },
  });
  open.push(made);
  return made;
}

const notify = (notice: CallNotice) => provider.webhook({ calls: [notice] });
const sessions = async () => Promise.all((await store.list()).map(async (id) => (await store.load(id))!));

const announceThenRecord = defineFlow(
  { outputs: [{ media: 'audio', layout: 'separate', container: 'wav' }], announce: 'preferred' },
  {
    onCall(notice, turn) {
      if (notice.type === 'call.connected') {
        if (turn.announce) turn.announce({ text: 'This call is recorded.' });
        else turn.start({ consent: { basis: 'application', noticeId: 'spoken-by-us' } });
      }
      if (notice.type === 'call.announced') turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
      if (notice.type === 'call.ended') for (const id of turn.sessionIds) turn.stop(id);
    },
  },
);

test('announces, records once it was played, and stops at the end of the call', async () => {
  const made = recorder();
  made.serve(announceThenRecord);
  expect((await made.ingest(notify(connected))).status).toBe(200);
  expect(provider.requests).toEqual(['announce:This call is recorded.']);
  await made.ingest(provider.played());
  const [session] = await sessions();
  expect(session).toMatchObject({
    output: { media: 'audio', layout: 'separate', container: 'wav' },
    consent: { basis: 'announced' },
    snapshot: { state: 'recording' },
  });
  await made.ingest(notify({ type: 'call.ended', noticeId: 'n2', call }));
  expect(provider.requests).toEqual(['announce:This call is recorded.', 'start', 'stop']);
});

test('a notice delivered again, here or to another process, is handled once', async () => {
  const made = recorder();
  made.serve(announceThenRecord);
  const other = recorder();
  other.serve(announceThenRecord);
  const played = async () => provider.webhook({ calls: [{ ...announced }] });
  await Promise.all([made.ingest(notify(connected)), made.ingest(notify(connected))]);
  await other.ingest(notify(connected));
  const announced = (JSON.parse(await provider.played().text()) as { calls: [CallNotice] }).calls[0];
  await Promise.all([made.ingest(await played()), made.ingest(await played())]);
  expect((await other.ingest(await played())).status).toBe(200);
  expect(provider.requests).toEqual(['announce:This call is recorded.', 'start']);
  expect(await store.list()).toHaveLength(1);
});

test('while one process handles a notice another is told to come again', async () => {
  const made = recorder();
  let finish = () => {};
  made.serve(
    defineFlow(
      {},
      {
        onCall: () =>
          new Promise((resolve) => {
            finish = resolve;
          }),
      },
    ),
  );
  const other = recorder();
  other.serve(announceThenRecord);
  const first = made.ingest(notify(connected));
  await clock.idle();
  expect((await other.ingest(notify(connected))).status).toBe(503);
  expect(failures).toMatchObject([{ code: 'unavailable', retry: 'safe' }]);
  finish();
  expect((await first).status).toBe(200);
  expect((await other.ingest(notify(connected))).status).toBe(200);
  expect(provider.requests).toEqual([]);
});

test('a process that dies half-way leaves the rest to the redelivery, with the same ids', async () => {
  const dying = recorder();
  dying.serve(announceThenRecord);
  const remember = store.remember.bind(store);
  // Dies after the plan is written and before anything of it is carried out.
  store.remember = async (name, value, expiresAt) => {
    if (name.endsWith('/released')) throw new Error('killed');
    const kept = await remember(name, value, expiresAt);
    if (name.endsWith('/commands')) throw new Error('killed');
    return kept;
  };
  expect((await dying.ingest(notify(connected))).status).toBe(500);
  expect(provider.requests).toEqual([]);
  store.remember = remember;
  const next = recorder();
  next.serve(announceThenRecord);
  expect((await next.ingest(notify(connected))).status).toBe(503);
  await clock.advance(30_000);
  expect((await next.ingest(notify(connected))).status).toBe(200);
  expect(provider.requests).toEqual(['announce:This call is recorded.']);
});

test('a flow that throws gets the notice again with the next delivery', async () => {
  const made = recorder();
  let tries = 0;
  made.serve(
    defineFlow(
      {},
      {
        onCall(_, turn) {
          tries += 1;
          if (tries === 1) throw new Error('the database of the application is down');
          turn.start();
        },
      },
    ),
  );
  expect((await made.ingest(notify(connected))).status).toBe(500);
  expect(failures).toMatchObject([{ message: 'the database of the application is down' }]);
  expect(await store.list()).toEqual([]);
  expect((await made.ingest(notify(connected))).status).toBe(200);
  expect(provider.requests).toEqual(['start']);
});

test('an announcement that fails is a notice: the flow decides, and nothing records behind its back', async () => {
  const made = recorder();
  const seen: string[] = [];
  made.serve(
    defineFlow(
      { announce: 'required' },
      {
        onCall(notice, turn) {
          seen.push(notice.type);
          if (notice.type === 'call.connected') turn.announce({ text: 'x' });
        },
      },
    ),
  );
  provider.failures.push({
    operation: 'announce:x',
    error: new OnRecordError('permission-denied', 'No playing here.'),
  });
  expect((await made.ingest(notify(connected))).status).toBe(200);
  expect(seen).toEqual(['call.connected', 'call.announcement-failed']);
  await made.ingest(notify(connected));
  expect(seen).toHaveLength(2);
  expect(provider.requests).toEqual(['announce:x']);
});

test('a flow that answers its own failures for ever is stopped', async () => {
  const made = recorder();
  made.serve(defineFlow({ announce: 'required' }, { onCall: (_, turn) => void turn.announce({ text: 'x' }) }));
  for (let index = 0; index < 50; index++) {
    provider.failures.push({ operation: 'announce:x', error: new OnRecordError('permission-denied', 'No.') });
  }
  expect((await made.ingest(notify(connected))).status).toBe(200);
  expect(provider.requests.length).toBeLessThan(10);
});

test('where the provider cannot announce on this call, a preferred announcement is not there', async () => {
  const made = recorder();
  made.serve(announceThenRecord);
  await made.ingest(notify({ ...connected, call: { ...call, kind: 'test.line' } }));
  expect(await sessions()).toMatchObject([{ consent: { basis: 'application', noticeId: 'spoken-by-us' } }]);
});

test('where the provider plays files only, a preferred text is not there, and the call is recorded all the same', async () => {
  const announce = { ...fullCapabilities.announce, sources: ['file'] } as const;
  const made = createRecorder(scriptedDriver(provider, { ...fullCapabilities, announce }), { clock, store });
  open.push(made);
  made.serve(announceThenRecord);
  await made.ingest(notify(connected));
  expect(await sessions()).toMatchObject([{ consent: { basis: 'application', noticeId: 'spoken-by-us' } }]);
  expect(() => made.serve(defineFlow({ announce: 'required' }, {}))).toThrow(/announce: not from text, only from file/);
});

test('a flow that the provider cannot serve is refused at start-up, with every gap', () => {
  const made = createRecorder(scriptedDriver(provider, bareCapabilities), { clock, store });
  open.push(made);
  const flow = defineFlow({ pause: 'required', announce: 'required' }, { onCall: () => {} });
  expect(() => made.serve(flow)).toThrow(
    expect.objectContaining({ code: 'unsupported', message: expect.stringMatching(/pause[\s\S]*announce/) }),
  );
});

test('what a turn cannot do is refused inside the handler, before anything is sent', async () => {
  const made = recorder();
  const errors: unknown[] = [];
  const attempt = (verb: () => void) => {
    try {
      verb();
    } catch (error) {
      errors.push(OnRecordError.is(error) ? error.code : error);
    }
  };
  made.serve(
    defineFlow(
      { pause: 'required', announce: 'required' },
      {
        onCall(_, turn) {
          attempt(() => void turn.announce({ file: 'https://prompts.example/1.wav' }));
          attempt(() => turn.secure('any', { maxMs: 0 }));
          turn.start();
          attempt(() => void turn.start());
        },
      },
    ),
  );
  await made.ingest(notify(connected));
  expect(errors).toEqual(['unsupported', 'invalid-request', 'already-exists']);
  expect(provider.requests).toEqual(['start']);
});

test('a turn that is over takes no more verbs', async () => {
  const made = recorder();
  let late: () => void = () => {};
  made.serve(
    defineFlow(
      {},
      {
        onCall(_, turn) {
          late = () => void turn.start();
        },
      },
    ),
  );
  await made.ingest(notify(connected));
  expect(late).toThrow(expect.objectContaining({ code: 'invalid-state' }));
});

/** Secures on `call.connected`, notes what comes, ends the section when it is told to. */
function securing(seen: CallNotice[]) {
  return defineFlow(
    { pause: 'required' },
    {
      onCall(notice, turn) {
        seen.push(notice);
        if (notice.type === 'call.connected') turn.start();
        if (notice.type === 'call.participant-joined') {
          for (const id of turn.sessionIds) turn.secure(id, { maxMs: 60_000 });
        }
        if (notice.type === 'call.participant-left') for (const id of turn.sessionIds) turn.endSecure(id);
      },
    },
  );
}

const joined: CallNotice = { type: 'call.participant-joined', noticeId: 'n2', call, participant: 'agent' };
const left: CallNotice = { type: 'call.participant-left', noticeId: 'n3', call, participant: 'agent' };

test('digits may be asked for once the pause is proven, in another process too', async () => {
  const seen: CallNotice[] = [];
  const made = recorder();
  made.serve(securing(seen));
  await made.ingest(notify(connected));
  provider.mode = 'later';
  await made.ingest(notify(joined));
  await clock.advance(5_000);
  expect(seen.map(({ type }) => type)).toEqual(['call.connected', 'call.participant-joined']);
  await made.ingest(provider.settle());
  await clock.advance(5_000);
  const [session] = await sessions();
  expect(seen.slice(2)).toMatchObject([{ type: 'secure.entered', sessionId: session?.id, call: { key: 'call-1' } }]);
  await made.ingest(notify(left));
  await made.ingest(provider.settle());
  expect((await sessions())[0]?.snapshot.state).toBe('recording');
});

test('a pause that is refused is secure.refused, and the section never began', async () => {
  const seen: CallNotice[] = [];
  const made = recorder();
  made.serve(securing(seen));
  await made.ingest(notify(connected));
  provider.failures.push({ operation: 'pause', error: new OnRecordError('provider-contract', 'Pausing is broken.') });
  await made.ingest(notify(joined));
  await clock.advance(5_000);
  expect(seen.slice(2)).toMatchObject([{ type: 'secure.refused', reason: 'Pausing is broken.' }]);
});

test('a section of a session that is over is refused at once', async () => {
  const seen: CallNotice[] = [];
  const made = recorder();
  made.serve(
    defineFlow(
      { pause: 'required' },
      {
        onCall(notice, turn) {
          seen.push(notice);
          if (notice.type === 'call.connected') turn.secure('0195f0e0-0000-7000-8000-000000000000', { maxMs: 1_000 });
        },
      },
    ),
  );
  await made.ingest(notify(connected));
  expect(seen).toMatchObject([{ type: 'call.connected' }, { type: 'secure.refused' }]);
});

test('a section that outlives its limit expires, and the recording stays paused until it is ended', async () => {
  const seen: CallNotice[] = [];
  const made = recorder();
  made.serve(securing(seen));
  await made.ingest(notify(connected));
  await made.ingest(notify(joined));
  await clock.advance(70_000);
  expect(seen.slice(2).map(({ type }) => type)).toEqual(['secure.entered', 'secure.expired']);
  expect((await sessions())[0]?.snapshot.state).toBe('paused');
  await made.ingest(notify(left));
  expect((await sessions())[0]?.snapshot.state).toBe('recording');
});

test('a secure section of the linear style is no business of the flow', async () => {
  const seen: CallNotice[] = [];
  const made = recorder();
  made.serve(securing(seen));
  await made.ingest(notify(connected));
  const session = await made.attach((await store.list())[0]!);
  await session.secureSection(() => 'digits', { maxMs: 60_000 });
  await clock.advance(5_000);
  expect(seen.map(({ type }) => type)).toEqual(['call.connected']);
});

test('a verb behind a command in flight does not hold up the webhook, and is sent when that is settled', async () => {
  const seen: CallNotice[] = [];
  const made = recorder();
  made.serve(securing(seen));
  provider.mode = 'later';
  await made.ingest(notify(connected));
  expect((await made.ingest(notify(joined))).status).toBe(200);
  expect(provider.requests).toEqual(['start']);
  await made.ingest(provider.settle());
  await clock.idle();
  expect(provider.requests).toEqual(['start', 'pause']);
});

test('events reach the flow, at least once and in order', async () => {
  const made = recorder();
  const events: RecordingEvent[] = [];
  made.serve(
    defineFlow({}, { onCall: (_, turn) => void turn.start(), onRecording: (event) => void events.push(event) }),
  );
  await made.ingest(notify(connected));
  await clock.advance(5_000);
  expect(events.map(({ type }) => type)).toContain('dev.onrecord.recording.started.v1');
  const sequence = events.map((event) => Number(event.sequence));
  expect(sequence).toEqual(sequence.toSorted((one, other) => one - other));
});

test('waiting for a confirmation inside a handler is refused, so that no webhook hangs', async () => {
  const made = recorder();
  const errors: unknown[] = [];
  made.serve(
    defineFlow(
      {},
      {
        async onCall() {
          await made.start({ call }).catch((error: unknown) => errors.push(error));
        },
      },
    ),
  );
  await made.ingest(notify(connected));
  expect(errors).toMatchObject([{ code: 'invalid-state' }]);
});
