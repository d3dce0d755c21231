import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../session-store/session-store.ts';
import type { RunningWorker } from './testing/socket-scene.ts';
import { SocketScene } from './testing/socket-scene.ts';

let scene: SocketScene;
const workers: RunningWorker[] = [];

beforeEach(() => {
  scene = new SocketScene();
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  scene[Symbol.dispose]();
});

/** The store as another process reaches it: well, not at all, or without any answer. */
class Reach {
  cut: 'off' | 'hung' | undefined;
  readonly #hanging: ((error: Error) => void)[] = [];
  readonly store: SessionStore = new Proxy(scene.store, {
    get: (store, name: keyof SessionStore) => {
      const method = store[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        if (this.cut === 'off') return Promise.reject(new Error('out of reach'));
        if (this.cut === 'hung') return new Promise((_, reject) => this.#hanging.push(reject));
        return method.apply(store, args);
      };
    },
  });

  mend(): void {
    this.cut = undefined;
    for (const reject of this.#hanging.splice(0)) reject(new Error('broken off'));
  }
}

/** A worker in a process of its own, and how many connections it has. */
async function start(owner: string) {
  const process = new Reach();
  let connected = 0;
  const { doListen, ...driver } = scene.driver();
  const worker = await scene.running({
    owner,
    store: process.store,
    instances: {
      main: {
        driver: {
          ...driver,
          async doListen(listener, context) {
            connected += 1;
            try {
              await doListen?.(listener, context);
            } finally {
              connected -= 1;
            }
          },
        },
      },
    },
  });
  workers.push(worker);
  return { worker, process, connected: () => connected };
}

describe('of several workers', () => {
  test('one listens, for as long as it runs', async () => {
    const started = [await start('a'), await start('b'), await start('c')];
    for (let minute = 0; minute < 10; minute++) {
      await scene.clock.advance(60_000);
      expect(started.map(({ connected }) => connected())).toEqual([1, 0, 0]);
    }
    expect(scene.provider.attempts).toHaveLength(1);
  });

  test('of the same name one listens', async () => {
    const started = [await start('same'), await start('same')];
    await scene.clock.advance(30_000);
    expect(started.map(({ connected }) => connected())).toEqual([1, 0]);
  });

  test('the next one listens as soon as the first has ended, at whatever moment that is', async () => {
    let last = await start('first');
    for (let round = 0; round < 12; round++) {
      const next = await start(`round ${round}`);
      await scene.clock.advance(1_700);
      expect(next.connected()).toBe(0);
      await last.worker.stop();
      await scene.clock.advance(1_100);
      expect([last.connected(), next.connected()]).toEqual([0, 1]);
      last = next;
    }
  });

  test('one that waits tells who wants to start that it need not wait', async () => {
    await start('first');
    const { worker } = await start('second');
    await worker.worker.listening('main');
  });

  test.each(['off', 'hung'] as const)(
    'one that is cut %s from the store stops before the next one begins',
    async (cut) => {
      const first = await start('first');
      const second = await start('second');
      await scene.clock.advance(4_000);
      first.process.cut = cut;
      let both = 0;
      let takenOverMs = 0;
      for (let ms = 0; ms < 20_000; ms += 100) {
        await scene.clock.advance(100);
        if (first.connected() + second.connected() > 1) both += 1;
        if (second.connected() === 0) takenOverMs = ms;
      }
      expect(both).toBe(0);
      expect([first.connected(), second.connected()]).toEqual([0, 1]);
      expect(takenOverMs).toBeLessThan(14_000);
      first.process.mend();
      await scene.clock.advance(30_000);
      expect([first.connected(), second.connected()]).toEqual([0, 1]);
    },
  );

  test('what one hears that may not listen any more is not kept', async () => {
    const id = await scene.recording({ archive: { mode: 'none' } });
    const first = await start('first');
    const [connection] = scene.provider.connections;
    await start('second');
    first.process.cut = 'hung';
    await scene.clock.advance(20_000);
    first.process.mend();
    const emitted = connection!.listener.emit({ reports: [], calls: [], unhandled: 0 });
    await expect(emitted).rejects.toThrow('Another worker listens');
    expect(await scene.state(id)).toBe('recording');
  });
});
