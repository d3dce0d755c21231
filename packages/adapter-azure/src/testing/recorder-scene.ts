import { type CallRef, createRecorder, memorySessionStore, type RecordingEvent } from '@onrecord/core';
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
 * `driver` changes the options of the recorder's driver, but not those of the scene's. `restart` ends the process and begins another one over the same store.
 */
export async function openRecorder(options: SceneOptions = {}, driver: Partial<AzureOptions> = {}) {
  const scene = await openScene(options);
  await scene.azure.subscribe({ url: scene.gridUrl });
  const errors: unknown[] = [];
  const events: RecordingEvent[] = [];
  const store = memorySessionStore();
  const shared = {
    store,
    handlers: { any: (event: RecordingEvent) => void events.push(event) },
    ingest: { publicUrl: scene.origin, onError: (error: unknown) => void errors.push(error) },
  };
  let recorder = openProcess(scene, shared, driver);
  return {
    scene,
    store,
    errors,
    get recorder(): SceneRecorder {
      return recorder;
    },
    /** Ends the process; what it was about to do is left to the next one. */
    async restart(): Promise<SceneRecorder> {
      await recorder.close();
      recorder = openProcess(scene, shared, driver);
      return recorder;
    },
    /** What was published, without prefix and version. */
    published: () => events.map(({ type }) => type.slice('dev.onrecord.'.length, -'.v1'.length)),
    async [Symbol.asyncDispose]() {
      await recorder.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}

export type OpenedRecorder = Awaited<ReturnType<typeof openRecorder>>;

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
