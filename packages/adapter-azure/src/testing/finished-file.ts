import type { Artifact, JsonObject, MediaSighting } from '@onrecord/core';
import { collect, command, openScene, type Scene, type SceneOptions } from './scene.ts';

/** A recording of six seconds, two of them while the stop settles, whose file waits to be fetched. */
export async function finished(options: SceneOptions = {}) {
  const scene = await openScene(options);
  await scene.azure.subscribe({ url: scene.gridUrl });
  const part = await scene.recording();
  await scene.clock.advance(3_000);
  await scene.driver.doStop(part, command(2), scene.context);
  await scene.clock.advance(120_000);
  const [master, metadata] = scene.reports().flatMap(({ seen }) => seen.media ?? []);
  if (!master || !metadata) throw new Error('no file event came');
  return { scene, master: artifactOf(master), metadata: artifactOf(metadata), access: master.access as JsonObject };
}

export function artifactOf({ key, uri, role }: MediaSighting): Artifact {
  return { id: key, mediaKey: key, partId: 'p1', role, state: 'available', location: uri, source: uri, tracks: [] };
}

/** The file, or the rest of it. */
export async function fetchAll(scene: Scene, artifact: Artifact, first?: number): Promise<Uint8Array> {
  const range = first === undefined ? {} : { range: { first } };
  const { body } = await scene.driver.doOpenArtifact(artifact, range, scene.context);
  return collect(body);
}

/** The three words of a judgement that decide what happens next. */
export function judged(scene: Scene, error: unknown) {
  const { code, retry, blame } = scene.driver.classifyError(error);
  return { code, retry, blame };
}
