import { once } from 'node:events';
import { get } from 'node:https';
import { expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { azureFaults } from './index.ts';
import { fileEvent, startRecording } from './testing/record.ts';
import { openScene } from './testing/scene.ts';
import { signature, signedFetch } from './testing/signed-fetch.ts';

/** Counts the delays that have not ended. */
class CountingClock extends VirtualClock {
  waiting = 0;

  override async delay(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    this.waiting += 1;
    try {
      await super.delay(ms, options);
    } finally {
      this.waiting -= 1;
    }
  }
}

test('nothing waits any more once the simulator is closed, whatever was going on', async () => {
  using clock = new CountingClock();
  await using scene = await openScene(
    { behaviour: { maxRecordingMs: 86_400_000 } },
    { cognitiveServicesEndpoint: 'https://speech.example' },
    clock,
  );
  const { azure, app, call } = scene;
  await startRecording(scene);
  await clock.advance(4_000);
  const [file] = (await fileEvent(scene)).recordingStorageInfo.recordingChunks;
  // A call that connects, a recording that begins, a prompt that loops, an event that is tried again.
  const talking = scene.place({ cognitiveServicesEndpoint: 'https://speech.example' });
  await clock.advance(1_000);
  const { callConnectionId } = talking;
  const play = { playSources: [{ kind: 'text', text: { text: 'Hello' } }], playOptions: { loop: true } };
  await signedFetch(azure, { method: 'POST', path: `/calling/callConnections/${callConnectionId}:play`, body: play });
  const recording = { callConnectionId, recordingContentType: 'audio', recordingFormatType: 'wav' };
  await signedFetch(azure, { method: 'POST', path: '/calling/recordings', body: recording });
  app.answers = [() => ({ status: 500 })];
  azure.ring({ call: call.call, from: 'ada', to: 'us' });
  scene.place();
  await clock.idle();
  // A request whose answer is late, and a file that comes slowly.
  azure.faults.next({ match: 'GetCall', fault: { delayMs: 3_600_000 } });
  const late = signedFetch(azure, { path: `/calling/callConnections/${callConnectionId}` }).catch(() => 'broken');
  azure.faults.next({ match: 'DownloadContent', fault: azureFaults.slowBody(1_000, 60_000) });
  const url = new URL(file?.contentLocation ?? '');
  const { host } = new URL(azure.endpoint);
  const headers = { ...signature(azure.accessKey, 'GET', url.pathname, host, ''), 'x-ms-host': host };
  const [response] = await once(get(url, { agent: azure.agent(), headers }), 'response');
  response.resume();
  const broken = once(response, 'error');
  while (azure.faults.pending() > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(clock.waiting).toBeGreaterThan(5);
  await azure.close();
  await Promise.all([broken, expect(late).resolves.toBe('broken')]);
  await clock.idle();
  expect(clock.waiting).toBe(0);
});
