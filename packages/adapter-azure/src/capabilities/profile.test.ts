import { readFile } from 'node:fs/promises';
import {
  type CallRef,
  type Capabilities,
  createRecorder,
  formatOutput,
  OnRecordError,
  type StartPlan,
} from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { azureServerCall } from '../call-ref.ts';
import {
  type AzureAttempt,
  azureAttempts,
  azureCapabilities,
  capabilitiesFor,
  teamsPhoneCapabilities,
  unknownUnder,
} from '../capabilities.ts';
import type { AzureOptions } from '../config/options.ts';
import { azure } from '../driver.ts';
import { agent, caller, openScene, rejection, type Scene, separateWav } from '../testing/scene.ts';

const connectionString = 'endpoint=https://contoso.communication.azure.com/;accesskey=a2V5';

describe('capabilitiesFor', () => {
  test('gives each profile its literal', () => {
    expect(capabilitiesFor('acs-standalone')).toBe(azureCapabilities);
    expect(capabilitiesFor('teams-phone')).toBe(teamsPhoneCapabilities);
    expect(azure({ connectionString }).capabilities).toBe(azureCapabilities);
    expect(azure({ connectionString, profile: 'teams-phone' }).capabilities).toBe(teamsPhoneCapabilities);
  });

  test('teams-phone offers no call, no output and no start in pause beyond acs-standalone', () => {
    const { calls, outputs, pause }: Capabilities = teamsPhoneCapabilities;
    const offered: Capabilities = azureCapabilities;
    expect(calls).toEqual(['azure.call-connection']);
    for (const kind of calls) expect(offered.calls).toContain(kind);
    expect(outputs.map(formatOutput)).toEqual(['audio/mixed/wav', 'audio/separate/wav', 'audio/per-participant/wav']);
    expect(offered.outputs).toEqual(expect.arrayContaining([...outputs]));
    expect(pause).toMatchObject({ startPaused: false });
  });

  test.each<[AzureAttempt, (capabilities: Capabilities) => boolean]>([
    ['serverCallId', ({ calls }) => calls.includes('azure.server-call')],
    ['mp3', ({ outputs }) => outputs.some(({ container }) => container === 'mp3')],
    ['mp4', ({ outputs }) => outputs.some(({ container, media }) => container === 'mp4' && media === 'audio-video')],
    ['pauseOnStart', ({ pause }) => pause !== false && pause.startPaused],
  ])('attempt %s adds it to what is offered, and nothing else', (what, offers) => {
    expect(offers(teamsPhoneCapabilities)).toBe(false);
    expect(offers(capabilitiesFor('teams-phone', [what]))).toBe(true);
    const others = azureAttempts.filter((other) => other !== what);
    expect(offers(capabilitiesFor('teams-phone', others))).toBe(false);
  });
});

describe('unknownUnder', () => {
  test('names everything that can be attempted under teams-phone, with a page, and nothing under acs-standalone', () => {
    const refused = unknownUnder('teams-phone').filter(({ handling }) => handling === 'refused');
    expect(refused.map(({ what }) => what)).toEqual([...azureAttempts]);
    for (const { why, source } of unknownUnder('teams-phone')) {
      expect(why).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/^https:\/\/learn\.microsoft\.com\/azure\/communication-services\//);
    }
    expect(unknownUnder('acs-standalone')).toEqual([]);
  });
});

test('the README shows all that is unknown under teams-phone, in the same words', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const shown = [...readme.matchAll(/^\| `(\w+)` \| (refused|expected) \| (.*) \[page\]\((.*)\) \|$/gm)];
  expect(shown.map(([, what, handling, why, source]) => ({ what, handling, why, source }))).toEqual(
    unknownUnder('teams-phone'),
  );
});

describe('a start under teams-phone', () => {
  const cases: readonly [AzureAttempt, (scene: Scene) => Partial<StartPlan>, (body: object) => void][] = [
    [
      'serverCallId',
      (scene) => ({ call: azureServerCall(scene.call.serverCallId) }),
      (body) => expect(body).toMatchObject({ callLocator: { kind: 'serverCallLocator' } }),
    ],
    [
      'mp3',
      () => ({ output: { media: 'audio', layout: 'mixed', container: 'mp3' } }),
      (body) => expect(body).toMatchObject({ recordingFormatType: 'mp3' }),
    ],
    [
      'mp4',
      () => ({ output: { media: 'audio-video', layout: 'mixed', container: 'mp4' } }),
      (body) => expect(body).toMatchObject({ recordingContentType: 'audioVideo', recordingFormatType: 'mp4' }),
    ],
    ['pauseOnStart', () => ({ startPaused: true }), (body) => expect(body).toMatchObject({ pauseOnStart: true })],
    [
      'audioChannelParticipantOrdering',
      () => ({
        output: separateWav,
        providerOptions: { audioChannelParticipantOrdering: [{ rawId: `4:${caller}` }, { rawId: `4:${agent}` }] },
      }),
      (body) => expect(body).toHaveProperty('audioChannelParticipantOrdering'),
    ],
    [
      'channelAffinity',
      () => ({ output: separateWav, providerOptions: { channels: [`4:${caller}`, `4:${agent}`] } }),
      (body) => expect(body).toHaveProperty('channelAffinity'),
    ],
  ];

  test.each(cases)('%s is refused before anything is sent, with the reason and what to do', async (what, plan) => {
    await using scene = await openScene({ driver: { profile: 'teams-phone' } });
    const error = await rejection(scene.driver.doStart(scene.plan(plan(scene)), scene.context));
    expect(error).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        new RegExp(`^${what} is not documented under Teams Phone\\. .*https://learn`, 's'),
      ),
      remedy: expect.stringContaining(`attempt: ['${what}']`),
    });
    expect(scene.azure.requests()).toEqual([]);
  });

  test('channelAffinity is explained to who asked for it as the reference of the call', async () => {
    await using scene = await openScene({ driver: { profile: 'teams-phone' } });
    const call = azureServerCall(scene.call.ids(), { reference: `4:${caller}` });
    const error = await rejection(scene.driver.doStart(scene.plan({ call, output: separateWav }), scene.context));
    expect(error).toMatchObject({ code: 'unsupported', remedy: expect.stringMatching(/how reference, of the call/) });
    await scene.driver.doStart(scene.plan({ call }), scene.context);
  });

  test.each(cases)('%s is sent where the option attempt names it', async (what, plan, check) => {
    await using scene = await openScene({ driver: { profile: 'teams-phone', attempt: [what] } });
    await scene.driver.doStart(scene.plan(plan(scene)), scene.context).catch((error: unknown) => {
      // A simulator without an encoder for MP3 says so after it has taken the request.
      if (what !== 'mp3') throw error;
    });
    const [start] = scene.requests('StartRecording');
    check(start?.body as object);
  });

  test('names all that is undocumented at once', async () => {
    await using scene = await openScene({ driver: { profile: 'teams-phone', attempt: ['pauseOnStart'] } });
    const plan = scene.plan({
      call: azureServerCall(scene.call.serverCallId),
      output: { media: 'audio-video', layout: 'mixed', container: 'mp4' },
      startPaused: true,
    });
    const error = await rejection(scene.driver.doStart(plan, scene.context));
    expect(error).toMatchObject({ remedy: expect.stringContaining("attempt: ['serverCallId', 'mp4']") });
  });

  test.each([
    ['serverCallId', { call: azureServerCall('aHR0cHM6Ly9hcGkuZXhhbXBsZS9jb252LzE=') }],
    ['mp3', { output: { media: 'audio', layout: 'mixed', container: 'mp3' } }],
    ['mp4', { output: { media: 'audio-video', layout: 'mixed', container: 'mp4' } }],
    ['pauseOnStart', { startPaused: true }],
  ] as const)('%s is refused by a recorder with the same reason', async (what, request) => {
    await using scene = await openScene({ driver: { profile: 'teams-phone' } });
    await using recorder = createRecorder(scene.driver, { clock: scene.clock, worker: false });
    const consent = { basis: 'application', noticeId: 'sign' } as const;
    await expect(recorder.start({ call: scene.ref, consent, ...request })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        new RegExp(`${what} is not documented under Teams Phone.*attempt: \\['${what}'\\]`),
      ),
    });
    expect(scene.azure.requests()).toEqual([]);
  });

  test.each(['azure.room', 'azure.group-call'] as const)(
    '%s is refused as none of its calls, with no hint to attempt it',
    async (kind) => {
      await using scene = await openScene({ driver: { profile: 'teams-phone' } });
      await using recorder = createRecorder(scene.driver, { clock: scene.clock, worker: false });
      const call: CallRef = { kind, provider: 'azure', key: '99', data: {} };
      const refused = recorder.start({ call, consent: { basis: 'application', noticeId: 'sign' } });
      await expect(refused).rejects.toThrow(
        /does not record calls of the kind azure\.[\w-]+\. At least one phone number.*2028/,
      );
      await expect(refused).rejects.not.toThrow('attempt');
    },
  );

  test('records what is documented, and announces on it', async () => {
    await using scene = await openScene({ driver: { profile: 'teams-phone' } });
    await scene.driver.doAnnounce(scene.ref, { text: 'Recorded.' }, { announcementId: 'a' }, scene.context);
    await scene.driver.doStart(scene.plan({ output: separateWav }), scene.context);
    expect(scene.requests('StartRecording')).toMatchObject([
      { status: 200, body: { callConnectionId: scene.call.callConnectionId, recordingChannelType: 'unmixed' } },
    ]);
    expect(scene.requests('Play')).toHaveLength(1);
  });
});

test.each<[string, unknown, RegExp]>([
  ['an unknown profile', { profile: 'teams' }, /profile: Must be acs-standalone or teams-phone/],
  ['an unknown attempt', { profile: 'teams-phone', attempt: ['wav'] }, /attempt\.0: Must be one of serverCallId, mp3/],
  ['attempts that are no list', { profile: 'teams-phone', attempt: 'mp3' }, /attempt: Must be a list/],
  [
    'rooms of Teams Phone',
    { profile: 'teams-phone', rooms: 'attempt' },
    /rooms: Belongs to the profile acs-standalone/,
  ],
  ['an attempt where all is documented', { attempt: ['mp3'] }, /attempt: Belongs to the profile teams-phone/],
  ['a slip of the pen', { profil: 'teams-phone' }, /profil: .*did you mean profile/],
])('%s is refused with its path', (_name, options, message) => {
  const open = () => azure({ connectionString, ...(options as AzureOptions) });
  expect(open).toThrow(OnRecordError);
  expect(open).toThrow(message);
});
