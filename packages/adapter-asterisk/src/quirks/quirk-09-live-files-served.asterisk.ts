import type { Artifact } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskChannel } from '../call-ref.ts';
import { mediaUri } from '../media/media-uri.ts';
import { command, openScene, rejection, speak } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('quirk 9: the file of a recording that still runs', (server) => {
  test('is served in part, and deleted under it', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party();
    const name = `${scene.app}-live`;
    await scene.ari('POST', `/channels/${party}/record`, { name, format: 'wav' });
    await speak(500);
    expect((await scene.file(name)).length).toBeLessThan(4_000);
    expect((await scene.ari('DELETE', `/recordings/stored/${name}`)).status).toBe(204);
    await scene.ari('POST', `/recordings/live/${name}/stop`);
    expect((await scene.ari('GET', `/recordings/stored/${name}`)).status).toBe(404);
  });

  test('is neither opened nor deleted by the driver until it is finished', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const part = await scene.start(asteriskChannel(await scene.party()));
    await speak(500);
    const uri = mediaUri(`onrecord/${part.correlation}/mixed`);
    const artifact: Artifact = {
      id: 'p1-master-0',
      mediaKey: uri,
      partId: 'p1',
      role: 'master',
      state: 'available',
      location: uri,
      source: uri,
      tracks: [],
    };
    const open = (first = 0) => scene.driver.doOpenArtifact(artifact, { range: { first } }, scene.context);
    for (const work of [() => open(), () => scene.driver.doDeleteArtifact(artifact, {}, scene.context)]) {
      const judged = scene.driver.classifyError(await rejection(work()));
      expect(judged).toMatchObject({ code: 'conflict', retry: 'safe', blame: 'provider' });
    }
    const { reports } = await scene.driver.doStop(part, command(2), scene.context);
    expect(reports?.[0]?.seen.media?.[0]?.uri).toBe(uri);
    const whole = await collect((await open()).body);
    expect(whole).toEqual(await scene.file(`onrecord/${part.correlation}/mixed`));
    const rest = await collect((await open(5_000)).body);
    expect(rest).toEqual(whole.subarray(5_000));
    for (let time = 0; time < 2; time++) await scene.driver.doDeleteArtifact(artifact, {}, scene.context);
    expect(scene.driver.classifyError(await rejection(open()))).toMatchObject({ code: 'not-found' });
  });
});

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
