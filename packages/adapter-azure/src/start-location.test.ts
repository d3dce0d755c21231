import { afterAll, beforeAll, expect, test } from 'vitest';
import { archivingScene } from './content/testing/archiving-scene.ts';
import { type AzureStartOptions, azureStartOptions } from './start-options.ts';
import { type OwnAccount, openOwnAccount } from './testing/own-account.ts';

const mixedWav = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
const mixedMp3 = { ...mixedWav, container: 'mp3' } as const;
const mixedMp4 = { media: 'audio-video', layout: 'mixed', container: 'mp4' } as const;

let account: OwnAccount;
beforeAll(async () => {
  account = await openOwnAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

/** Where the recording of a start came to lie, and how its session ended. */
async function recorded(
  output: typeof mixedWav | typeof mixedMp3 | typeof mixedMp4,
  options: AzureStartOptions,
  below = '',
) {
  const { containerUrl, blobAccounts } = account;
  await using opened = await archivingScene({
    resource: { blobAccounts },
    driver: { recordingStorage: { containerUrl: `${containerUrl}${below}` } },
    landing: account.store(),
  });
  const { clock, record } = opened;
  const { session } = await record({ output, providerOptions: azureStartOptions(options) });
  await clock.advance(3_000);
  await clock.until(session.stop());
  await clock.until(session.settled());
  const { state, verdict, anomalies, artifacts } = await session.snapshot();
  const [master] = artifacts.filter(({ role }) => role === 'master');
  const source = decodeURIComponent(master?.source ?? '').replace(account.store().uriOf(''), 'container/');
  return { state, verdict, anomalies, stored: master?.state, source };
}

test.each([
  ['the container', mixedWav, {}, '', /^container\/[0-9a-f-]{36}\.p1\/\d{8}\/.*\.wav$/],
  [
    'a location of one start',
    mixedWav,
    { recordingStorage: { location: 'tenant a/ü' } },
    '',
    /^container\/tenant a\/ü\/[0-9a-f-]{36}\.p1\/\d{8}\/.*\.wav$/,
  ],
  ['a location of the configuration', mixedWav, {}, '/calls/', /^container\/calls\/[0-9a-f-]{36}\.p1\/\d{8}\/.*\.wav$/],
  [
    'one below the other',
    mixedWav,
    { recordingStorage: { location: 'a' } },
    '/calls',
    /^container\/calls\/a\/[0-9a-f-]{36}\.p1\/\d{8}\/.*\.wav$/,
  ],
  [
    "the service's own storage",
    mixedWav,
    { recordingStorage: 'service' },
    '',
    /^https:\/\/storage\.asm\.skype\.com[:/]/,
  ],
  ['the container, as MP4', mixedMp4, {}, '', /^container\/[0-9a-f-]{36}\.p1\/\d{8}\/.*\.mp4$/],
  ['the container, as MP3', mixedMp3, {}, '', /^container\/[0-9a-f-]{36}\.p1\/\d{8}\/.*\.mp3$/],
] as const)(
  'a recording comes to lie in %s, and is archived from there',
  async (_name, output, options, below, source) => {
    expect(await recorded(output, options, below)).toEqual({
      state: 'completed',
      verdict: 'present',
      anomalies: [],
      stored: 'stored',
      source: expect.stringMatching(source),
    });
  },
);
