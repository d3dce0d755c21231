import { VirtualClock } from '@onrecord/simulator';
import { expect, test } from 'vitest';
import type { CallNotice, CallRef } from '../call/index.ts';
import { OnRecordError } from '../errors/index.ts';
import { defineFlow } from '../flow/flow.ts';
import type { JsonObject } from '../json.ts';
import { memorySessionStore } from '../session-store/index.ts';
import { createRecorder } from './create-recorder.ts';
import { fullCapabilities, ScriptedProvider, scriptedDriver } from './testing/scripted-provider.ts';

const call: CallRef = { kind: 'test.call', provider: 'scripted', key: 'call-1', data: {} };
const wrong = { address: 'rtmps://live.example/secret' };

function scene() {
  const clock = new VirtualClock();
  const provider = new ScriptedProvider();
  const store = memorySessionStore();
  const looked: JsonObject[] = [];
  const checkOptions = (options: JsonObject) => {
    looked.push(options);
    if ('address' in options) throw new OnRecordError('invalid-request', 'address: Belongs in the configuration.');
  };
  const driver = Object.assign(scriptedDriver(provider, fullCapabilities), { checkOptions });
  return { clock, provider, store, looked, recorder: createRecorder(driver, { clock, store }) };
}

test('options that the driver refuses at sight are in no record, and nothing is sent', async () => {
  const { clock, provider, store, looked, recorder } = scene();
  await expect(recorder.start({ call, providerOptions: wrong })).rejects.toMatchObject({ code: 'invalid-request' });
  expect(await store.list()).toEqual([]);
  expect(provider.requests).toEqual([]);
  await recorder.start({ call, providerOptions: { quality: 'high' } });
  await recorder.close();
  expect(looked).toEqual([wrong, { quality: 'high' }]);
  clock[Symbol.dispose]();
});

test('those of a turn are looked at as well', async () => {
  const { clock, provider, store, recorder } = scene();
  const refused: unknown[] = [];
  const flow = defineFlow(
    { outputs: [{ media: 'audio', layout: 'mixed', container: 'wav' }] },
    {
      onCall(_notice, turn) {
        try {
          turn.start({ consent: { basis: 'application', noticeId: 'n' }, providerOptions: wrong });
        } catch (error) {
          refused.push(OnRecordError.is(error) ? error.code : error);
        }
      },
    },
  );
  recorder.serve(flow);
  const notice: CallNotice = { type: 'call.connected', noticeId: 'n1', call, answered: true };
  await recorder.ingest(provider.webhook({ calls: [notice] }));
  await recorder.close();
  expect(refused).toEqual(['invalid-request']);
  expect(await store.list()).toEqual([]);
  clock[Symbol.dispose]();
});
