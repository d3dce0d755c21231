import {
  type CallRef,
  createRecorder,
  memorySessionStore,
  type RecordingEvent,
  type SessionStore,
} from '@onrecord/core';
import type { SimulatedAzureCall } from '@onrecord/simulator';
import { azureServerCall } from '../call-ref.ts';
import type { AzureOptions } from '../config/options.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

/** No callbacks: states are learnt by asking alone. */
export const withoutCallbacks: Partial<AzureOptions> = {
  callbackUrl: undefined,
  callbackSecret: undefined,
  jwt: undefined,
};

/** A recorder of the scene, as one process has it; its webhooks are the scene's. */
function openProcess(
  scene: Scene,
  options: Pick<NonNullable<Parameters<typeof createRecorder>[1]>, 'store' | 'handlers' | 'ingest' | 'worker'>,
  driver: Partial<AzureOptions>,
) {
  const recorder = createRecorder(scene.another(driver), { clock: scene.clock, ...options });
  scene.handTo((request) => recorder.ingest(request));
  return recorder;
}

export type SceneRecorder = ReturnType<typeof openProcess>;

/**
 * A recorder over the scene's resource, with the scene's webhooks and no archive: files stay at the service.
 * `changes` are to the options of the recorder's driver, not of the scene's. `restart` ends the process and begins another one over the same store.
 */
export async function openRecorder(
  options: SceneOptions = {},
  changes: Partial<AzureOptions> | ((scene: Scene) => Partial<AzureOptions>) = {},
) {
  const scene = await openScene(options);
  await scene.azure.subscribe({ url: scene.gridUrl });
  const errors: unknown[] = [];
  const events: RecordingEvent[] = [];
  const store = memorySessionStore();
  const shared = {
    handlers: { any: (event: RecordingEvent) => void events.push(event) },
    ingest: { publicUrl: scene.origin, onError: (error: unknown) => void errors.push(error) },
  };
  const driver = typeof changes === 'function' ? changes(scene) : changes;
  const begin = () => {
    const own = mortal(store);
    return { own, recorder: openProcess(scene, { ...shared, store: own.store }, driver) };
  };
  let process = begin();
  return {
    scene,
    store,
    errors,
    get recorder(): SceneRecorder {
      return process.recorder;
    },
    /** Ends the process; what it was about to do is left to the next one. */
    async restart(): Promise<SceneRecorder> {
      await process.recorder.close();
      process = begin();
      return process.recorder;
    },
    /** Lets the process die in the middle of whatever it does, and begins another one. */
    crash(): SceneRecorder {
      process.own.kill();
      process = begin();
      return process.recorder;
    },
    /** What was published, without prefix and version. */
    published: () => events.map(({ type }) => type.slice('dev.onrecord.'.length, -'.v1'.length)),
    async [Symbol.asyncDispose]() {
      await process.recorder.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}

export type OpenedRecorder = Awaited<ReturnType<typeof openRecorder>>;

/** The store as one process has it, which hears nothing any more once that is dead. */
function mortal(store: SessionStore): { readonly store: SessionStore; kill(): void } {
  let dead = false;
  const get = (target: SessionStore, name: string | symbol): unknown => {
    const member: unknown = Reflect.get(target, name);
    if (typeof member !== 'function') return member;
    return (...parameters: unknown[]): unknown =>
      dead ? new Promise(() => {}) : Reflect.apply(member, target, parameters);
  };
  return {
    store: new Proxy(store, { get }),
    kill: () => {
      dead = true;
    },
  };
}

/** The next call of the scene, connected. */
export async function connected(scene: Scene): Promise<{ readonly call: SimulatedAzureCall; readonly ref: CallRef }> {
  const call = scene.place();
  await scene.clock.advance(1_000);
  return { call, ref: azureServerCall(call.ids()) };
}

/** The API's answer of this status and sub-code. */
export function refusal(status: number, code: string, message = 'Refused.') {
  const body = JSON.stringify({ error: { code, message } });
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}
