import { OnRecordError } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskChannel } from './call-ref.ts';
import { openScene, rejection } from './testing/scene.ts';
import { describeOnAsterisk } from './testing/server/lane.ts';

describeOnAsterisk('the probe', (server) => {
  test('finds the declared capabilities on the server, and leaves nothing behind', async () => {
    await using scene = openScene(server);
    const found = await scene.driver.native().probe(scene.context);
    expect(found).toMatchObject({ version: server.version, server: server.suite, missing: [] });
    expect(found.formats).toEqual(server.suite === 'asterisk-22' ? ['wav', 'wav16', 'opus'] : ['wav', 'wav16']);
    const { json: bridges } = await scene.ari('GET', '/bridges');
    const { json: recordings } = await scene.ari('GET', '/recordings/stored');
    expect(JSON.stringify([bridges, recordings])).not.toContain('probe');
  });
});

describeOnAsterisk('a driver', (server) => {
  test('for a newer generation says so at the first request', async () => {
    await using scene = openScene(server, { server: 'asterisk-22' });
    const error = await rejection(scene.start(asteriskChannel('none')));
    if (server.suite === 'asterisk-22') expect(scene.driver.classifyError(error).code).toBe('not-found');
    else {
      expect(OnRecordError.is(error, 'invalid-request') && error.message).toContain("server: 'asterisk-16'");
      const found = await scene.driver.native().probe(scene.context);
      expect(found.missing).toContain('audio/mixed/ogg');
    }
  });

  test('for an older generation does without what is new', async () => {
    await using scene = openScene(server, { server: 'asterisk-16' });
    expect(scene.driver.capabilities.outputs.map(({ container }) => container)).not.toContain('ogg');
    const error = await rejection(scene.start(asteriskChannel('none')));
    expect(scene.driver.classifyError(error).code).toBe('not-found');
  });
});
