import { createRecorder, defineFlow, memorySessionStore, type SessionRecord } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asterisk } from '../driver.ts';
import { placeCall } from '../testing/phones/index.ts';
import { openScene, until } from '../testing/scene.ts';
import { describeOnAsterisk, type LaneServer } from '../testing/server/lane.ts';

const sounds = { 'This call is recorded.': 'beep' };

/** What came of an answered leg that was handed to a recorder which serves the flow of everybody's first example. */
async function served(
  server: LaneServer,
  options: { readonly sounds?: { readonly [text: string]: string } },
  text: string,
) {
  await using scene = openScene(server);
  const { url, username, password, suite } = server;
  const store = memorySessionStore();
  const driver = asterisk({ url, username, password, app: scene.app, server: suite, ...options });
  await using recorder = createRecorder(driver, { store });
  const failed: string[] = [];
  recorder.serve(
    defineFlow(
      { outputs: [{ media: 'audio', layout: 'mixed', container: 'wav' }], announce: 'preferred' },
      {
        onCall(notice, turn) {
          if (notice.type === 'call.connected') {
            if (turn.announce) turn.announce({ text });
            else turn.start({ consent: { basis: 'application', noticeId: 'greeting' } });
          }
          if (notice.type === 'call.announcement-failed') failed.push(notice.reason);
          if (notice.type === 'call.announced')
            turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
        },
      },
    ),
  );
  await recorder.listen();
  await using call = await placeCall(server);
  await scene.ari('POST', `/channels/${call.caller.channelId}/move`, { app: scene.app });
  const records = async (): Promise<readonly SessionRecord[]> => {
    const found = await Promise.all((await store.list()).map((id) => store.load(id)));
    return found.filter((one) => one !== undefined);
  };
  await until(
    async () => failed.length > 0 || (await records()).some(({ snapshot }) => snapshot.state === 'recording'),
  );
  return { failed, consent: (await records()).map((record) => record.consent?.basis) };
}

describeOnAsterisk('a workflow that would like to announce a text', (server) => {
  test('announces the sound that says it, and records then', async () => {
    const { consent, failed } = await served(server, { sounds }, 'This call is recorded.');
    expect({ consent, failed }).toEqual({ consent: ['announced'], failed: [] });
  });

  test('finds no announcement where there are no sounds, and records on the word of the application', async () => {
    const { consent, failed } = await served(server, {}, 'This call is recorded.');
    expect({ consent, failed }).toEqual({ consent: ['application'], failed: [] });
  });

  test('hears that a text without a sound was not said, and which option lacks it', async () => {
    const { consent, failed } = await served(server, { sounds }, 'Another text.');
    expect(consent).toEqual([]);
    expect(failed).toEqual([expect.stringContaining('the option sounds has no media for this one')]);
  });
});
