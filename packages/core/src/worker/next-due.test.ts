import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordingDriver } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import type { EventSink } from '../events/event.ts';
import { isSettled } from '../recorder/settled.ts';
import { putting, Scene, wav } from './testing/scene.ts';

/** Everything that can fail for good. */
const troubles = [
  'status',
  'finalize',
  'open',
  'delete',
  'archive',
  'manifest',
  'sink',
  'dead-letter',
  'no-archive',
  'no-instance',
  'expires',
] as const;
type Trouble = (typeof troubles)[number];

function failing(): never {
  throw new OnRecordError('unavailable', 'Never.', { retry: 'safe' });
}

function workerWith(scene: Scene, trouble: ReadonlySet<Trouble>) {
  const plain = scene.driver();
  const driver: RecordingDriver = {
    ...plain,
    doStatus: async (...args) => (trouble.has('status') ? failing() : plain.doStatus!(...args)),
    doOpenArtifact: async (...args) => (trouble.has('open') ? failing() : plain.doOpenArtifact!(...args)),
    doDeleteArtifact: async (...args) => (trouble.has('delete') ? failing() : plain.doDeleteArtifact!(...args)),
    doFinalize: async () => (trouble.has('finalize') ? failing() : { kind: 'done', reports: [] }),
  };
  const archive = putting(scene.archive, async (key, body, options) => {
    if (trouble.has('archive') || (trouble.has('manifest') && key.endsWith('manifest.json'))) failing();
    return scene.archive.doPut(key, body, options);
  });
  const sink: EventSink = {
    name: 'sink',
    async deliver(event) {
      if (trouble.has('sink')) failing();
      scene.delivered.push(event);
    },
  };
  if (trouble.has('dead-letter')) scene.store.remember = async () => failing();
  return scene.worker({
    instances: trouble.has('no-instance') ? {} : { main: { driver } },
    archive: trouble.has('no-archive') ? undefined : archive,
    sinks: [sink],
    maxDeliveries: 3,
  });
}

test('whatever fails for good, the worker neither turns in a loop nor forgets what is outstanding', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.subarray([...troubles]),
      fc.constantFrom('recording' as const, 'stopped' as const, 'finished' as const),
      fc.constantFrom('none' as const, 'copy' as const, 'move' as const),
      async (drawn, stage, mode) => {
        using scene = new Scene();
        const trouble = new Set(drawn);
        const changes = { archive: { mode } } as const;
        let id: string;
        if (stage === 'finished') {
          const expiresAt = new Date(scene.clock.now() + 600_000).toISOString();
          ({ id } = await scene.finished(wav(50), changes, trouble.has('expires') ? { expiresAt } : {}));
        } else {
          id = await scene.recording(changes);
          if (stage === 'stopped') await scene.ask(id, 'stop');
        }
        let writes = 0;
        const save = scene.store.save.bind(scene.store);
        scene.store.save = (...args) => {
          writes += 1;
          return save(...args);
        };
        const stop = new AbortController();
        const running = workerWith(scene, trouble).run({ signal: stop.signal });
        await scene.clock.advance(60_000);
        writes = 0;
        await scene.clock.advance(1_800_000);
        const perMinute = writes / 30;
        expect(perMinute, 'writes in a minute').toBeLessThan(60);
        const record = await scene.record(id);
        const outstanding = !isSettled(record) || record.outbox.length > 0;
        if (outstanding) expect(record.dueAt, 'it will be looked at again').toBeDefined();
        stop.abort();
        await scene.clock.until(running);
      },
    ),
    { numRuns: 60, seed: 20_261_121 },
  );
}, 120_000);

test('what is done is never looked at again', async () => {
  using scene = new Scene();
  const { id } = await scene.finished(wav(50));
  await scene.ticks(scene.worker(), 10_000, 1_000);
  const record = await scene.record(id);
  expect(record.dueAt).toBeUndefined();
  await scene.ticks(scene.worker(), 3_600_000, 600_000);
  expect((await scene.record(id)).revision).toBe(record.revision);
});
