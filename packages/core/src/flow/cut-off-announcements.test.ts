import { VirtualClock } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import type { CallNotice, CallRef } from '../call/index.ts';
import { OnRecordError } from '../errors/index.ts';
import { createRecorder } from '../recorder/create-recorder.ts';
import { fullCapabilities, ScriptedProvider, scriptedDriver } from '../recorder/testing/scripted-provider.ts';
import { memorySessionStore } from '../session-store/index.ts';
import { defineFlow } from './flow.ts';

const call: CallRef = { kind: 'test.call', provider: 'scripted', key: 'call-1', data: {} };
const connected: CallNotice = { type: 'call.connected', noticeId: 'n1', call, answered: true };
const ended: CallNotice = { type: 'call.ended', noticeId: 'n2', call };

/** Two processes over one store, each with a flow that announces and notes what it hears. */
function scene() {
  const clock = new VirtualClock();
  const provider = new ScriptedProvider();
  const store = memorySessionStore();
  const heard: string[] = [];
  const process = () => {
    const recorder = createRecorder(scriptedDriver(provider, fullCapabilities), { clock, store });
    recorder.serve(
      defineFlow(
        { announce: 'required' },
        {
          onCall(notice, turn) {
            heard.push('reason' in notice ? `${notice.type}: ${notice.reason}` : notice.type);
            if (notice.type === 'call.connected') turn.announce({ text: 'This call is recorded.' });
          },
        },
      ),
    );
    return recorder;
  };
  const [first, second] = [process(), process()];
  return {
    provider,
    /** Past the time for which it is known that a notice was handled. */
    async forget() {
      await clock.advance(8 * 24 * 3_600_000);
      await store.claimDue({ now: new Date(clock.now()).toISOString(), limit: 1, leaseMs: 1, owner: 'sweeper' });
    },
    heard,
    first,
    second,
    notify: (notice: CallNotice) => provider.webhook({ calls: [notice] }),
    async [Symbol.asyncDispose]() {
      await first.close();
      await second.close();
      clock[Symbol.dispose]();
    },
  };
}

const failed = 'call.announcement-failed: The call ended before the announcement was played to its end.';

test('the end of a call fails its open announcement first, once, in whatever process', async () => {
  await using opened = scene();
  const { first, second, heard, notify } = opened;
  await first.ingest(notify(connected));
  await second.ingest(notify(ended));
  expect(heard).toEqual(['call.connected', failed, 'call.ended']);
  await first.ingest(notify(ended));
  await second.ingest(notify({ ...ended, noticeId: 'n3' }));
  expect(heard).toEqual(['call.connected', failed, 'call.ended', 'call.ended']);
});

test('an announcement that was played, or that its provider told of, is left alone', async () => {
  await using opened = scene();
  const { provider, first, second, heard, notify } = opened;
  await first.ingest(notify(connected));
  await second.ingest(provider.played());
  await first.ingest(notify(ended));
  expect(heard).toEqual(['call.connected', 'call.announced', 'call.ended']);
});

test('a failure that its provider tells of after the end of the call is heard once', async () => {
  await using opened = scene();
  const { first, second, heard, notify } = opened;
  const announcementId = await first.announce(call, { text: 'One.' });
  const told: CallNotice = {
    type: 'call.announcement-failed',
    noticeId: 'n3',
    call,
    announcementId,
    reason: 'Cancelled.',
  };
  await second.ingest(notify(ended));
  for (const each of [first, second, first]) expect((await each.ingest(notify(told))).status).toBe(200);
  expect(heard).toEqual([failed, 'call.ended']);
});

test('a failure that its provider told of is heard, and the end of the call adds nothing', async () => {
  await using opened = scene();
  const { first, second, heard, notify } = opened;
  const announcementId = await first.announce(call, { text: 'One.' });
  const told: CallNotice = {
    type: 'call.announcement-failed',
    noticeId: 'n3',
    call,
    announcementId,
    reason: 'Cancelled.',
  };
  for (const each of [first, second]) await each.ingest(notify(told));
  await second.ingest(notify(ended));
  expect(heard).toEqual(['call.announcement-failed: Cancelled.', 'call.ended']);
});

test('a name that calls use one after the other brings no old failure up again', async () => {
  await using opened = scene();
  const { first, second, heard, notify, forget } = opened;
  await first.ingest(notify(connected));
  await first.ingest(notify(ended));
  await forget();
  await second.ingest(notify({ ...ended, noticeId: 'n3' }));
  expect(heard).toEqual(['call.connected', failed, 'call.ended', 'call.ended']);
});

test('another call that ends changes nothing', async () => {
  await using opened = scene();
  const { first, heard, notify } = opened;
  await first.ingest(notify(connected));
  await first.ingest(notify({ ...ended, call: { ...call, key: 'call-2' } }));
  expect(heard).toEqual(['call.connected', 'call.ended']);
  await first.ingest(notify({ ...ended, noticeId: 'n3' }));
  expect(heard).toEqual(['call.connected', 'call.ended', failed, 'call.ended']);
});

test('an announcement outside a flow is failed as well, unless it was refused on the spot', async () => {
  await using opened = scene();
  const { provider, first, second, heard, notify } = opened;
  await first.announce(call, { text: 'One.' }, { announcementId: 'a1' });
  await second.announce(call, { text: 'Two.' }, { announcementId: 'a2' });
  await first.announce(call, { text: 'Two.' }, { announcementId: 'a2' });
  const error = new OnRecordError('permission-denied', 'Not on this line.');
  provider.failures.push({ operation: 'announce:Three.', error });
  await expect(first.announce(call, { text: 'Three.' })).rejects.toMatchObject({ code: 'permission-denied' });
  await second.ingest(notify(ended));
  expect(heard).toEqual([failed, failed, 'call.ended']);
});

test('a driver says how to announce where it cannot', async () => {
  await using opened = scene();
  const lacks = { announce: 'Connect to the call first.' };
  const recorder = createRecorder({ ...scriptedDriver(opened.provider, fullCapabilities), lacks });
  const line = { ...call, kind: 'test.line' as const };
  await expect(recorder.announce(line, { text: 'x' })).rejects.toMatchObject({
    code: 'unsupported',
    remedy: 'Connect to the call first.',
  });
  await recorder.close();
});
