import { type Announcement, type CallRef, OnRecordError } from '@onrecord/core';
import { azureFaults, PLAY_FAILURES } from '@onrecord/simulator';
import { describe, expect, test } from 'vitest';
import { azureServerCall } from './call-ref.ts';
import { azure } from './driver.ts';
import { openScene, rejection, type Scene } from './testing/scene.ts';

const file = 'https://prompts.example/notice.wav';

function announce(scene: Scene, announcement: Announcement, announcementId = 'notice-1'): Promise<void> {
  return scene.driver.doAnnounce(scene.ref, announcement, { announcementId }, scene.context);
}

/** The notices about announcements, and what they say. */
function told(scene: Scene) {
  return scene
    .calls()
    .filter((notice) => notice.type === 'call.announced' || notice.type === 'call.announcement-failed');
}

describe('what is sent', () => {
  test.each<[string, Announcement, unknown]>([
    [
      'a text in the default voice',
      { text: 'This call is recorded.' },
      { kind: 'text', text: { text: 'This call is recorded.', sourceLocale: 'en-US', voiceKind: 'female' } },
    ],
    [
      'a text in a voice of its own',
      { text: 'Dieses Gespräch wird aufgezeichnet.', language: 'de-DE', voice: 'de-DE-KatjaNeural' },
      {
        kind: 'text',
        text: { text: 'Dieses Gespräch wird aufgezeichnet.', sourceLocale: 'de-DE', voiceName: 'de-DE-KatjaNeural' },
      },
    ],
    ['SSML', { ssml: '<speak>Hi</speak>' }, { kind: 'ssml', ssml: { ssmlText: '<speak>Hi</speak>' } }],
    ['a file', { file }, { kind: 'file', file: { uri: file } }],
  ])(
    'Play of %s: playSources, playTo everybody, no loop, operationContext and operationCallbackUri of ours',
    async (_name, announcement, source) => {
      await using scene = await openScene();
      await announce(scene, announcement);
      const callback = scene.driver.callbackUrl();
      expect(scene.requests('Play')).toMatchObject([
        {
          status: 202,
          body: {
            playSources: [source],
            playTo: [],
            playOptions: { loop: false },
            operationContext: 'onrecord/notice-1',
            operationCallbackUri: callback,
          },
        },
      ]);
    },
  );
});

describe('fields of Play that are sent on demand, or never', () => {
  const customVoiceEndpointId = '0b5fbbdb-c35e-412b-9775-e2f59c66d4c2';
  test.each<[string, Announcement, object]>([
    [
      'SSML',
      { ssml: '<speak>Hi</speak>' },
      { kind: 'ssml', ssml: { ssmlText: '<speak>Hi</speak>', customVoiceEndpointId } },
    ],
    [
      'a text with a voice',
      { text: 'Hi', voice: 'OursNeural' },
      { text: { text: 'Hi', sourceLocale: 'en-US', voiceName: 'OursNeural', customVoiceEndpointId } },
    ],
    ['a text without', { text: 'Hi' }, { text: { text: 'Hi', sourceLocale: 'en-US', voiceKind: 'female' } }],
    ['a file', { file }, { kind: 'file', file: { uri: file } }],
  ])('customVoiceEndpointId of the options goes with what it can speak: %s', async (_name, announcement, source) => {
    await using scene = await openScene({ driver: { speech: { customVoiceEndpointId } } });
    await announce(scene, announcement);
    expect(scene.requests('Play')).toMatchObject([{ status: 202, body: { playSources: [source] } }]);
  });

  test('speech.language and speech.voice speak a text that names none of its own', async () => {
    await using scene = await openScene({ driver: { speech: { language: 'sv-SE', voice: 'sv-SE-SofieNeural' } } });
    await announce(scene, { text: 'Samtalet spelas in.' });
    await announce(scene, { text: 'This call is recorded.', language: 'en-GB', voice: 'en-GB-SoniaNeural' });
    expect(scene.requests('Play').map(({ body }) => body)).toMatchObject([
      { playSources: [{ text: { sourceLocale: 'sv-SE', voiceName: 'sv-SE-SofieNeural' } }] },
      { playSources: [{ text: { sourceLocale: 'en-GB', voiceName: 'en-GB-SoniaNeural' } }] },
    ]);
  });

  test('speech.customVoiceEndpointId must be text', () => {
    const connectionString = 'endpoint=https://x.communication.azure.com/;accesskey=c2VjcmV0';
    const speech = { customVoiceEndpointId: '' };
    expect(() => azure({ connectionString, speech })).toThrow(/speech\.customVoiceEndpointId: Must be text/);
  });

  test.each(['playSourceCacheId', 'interruptCallMediaOperation'])('%s is never sent', async (field) => {
    await using scene = await openScene();
    await announce(scene, { file });
    await announce(scene, { text: 'Hi' });
    expect(JSON.stringify(scene.requests('Play').map(({ body }) => body))).not.toContain(field);
  });

  test('a notice waits for the prompts of the application, and cuts none of them off', async () => {
    await using scene = await openScene();
    const media = scene.driver.native().client.getCallConnection(scene.call.callConnectionId).getCallMedia();
    await media.playToAll([{ kind: 'textSource', text: 'Welcome to us, whoever you are.' }], {
      operationContext: 'own',
    });
    await announce(scene, { text: 'Hi' });
    await scene.clock.advance(10_000);
    const played = scene.azure.callbacks().flatMap(({ events }) => events.map(({ type }) => type.split('.').at(-1)));
    expect(played.filter((type) => type?.startsWith('Play'))).toEqual(['PlayCompleted', 'PlayCompleted']);
  });

  test.each([1, 500, 20_000])('no limit on a text is invented: %i characters', async (length) => {
    await using scene = await openScene({ resource: { prompts: { speak: () => new Int16Array(16_000) } } });
    await announce(scene, { text: 'x'.repeat(length) });
    expect(scene.requests('Play')).toMatchObject([{ status: 202 }]);
  });

  test('without a callbackUrl the events of a prompt go where those of its call go', async () => {
    await using scene = await openScene();
    const driver = scene.another({ callbackUrl: undefined, callbackSecret: undefined, jwt: undefined });
    await driver.doAnnounce(scene.ref, { text: 'Hi' }, { announcementId: 'notice-1' }, scene.context);
    await scene.clock.advance(10_000);
    expect(scene.requests('Play')[0]?.body).not.toHaveProperty('operationCallbackUri');
    expect(told(scene)).toMatchObject([{ type: 'call.announced', announcementId: 'notice-1' }]);
  });
});

describe('what came of it', () => {
  test('PlayCompleted: it is announced, on the very call that was connected', async () => {
    await using scene = await openScene();
    await announce(scene, { text: 'This call is recorded.' });
    await scene.clock.advance(10_000);
    expect(told(scene)).toMatchObject([{ type: 'call.announced', announcementId: 'notice-1' }]);
    const connected = scene.calls().find(({ type }) => type === 'call.connected');
    expect(told(scene)[0]?.call).toEqual(connected?.call);
    expect(scene.ref.key).toBe(connected?.call.key);
  });

  test('PlayFailed: a file that cannot be fetched is announced as failed, with the reason', async () => {
    await using scene = await openScene();
    scene.azure.failNextPlay(PLAY_FAILURES.noFile);
    await announce(scene, { file });
    await scene.clock.advance(10_000);
    expect(told(scene)).toMatchObject([
      {
        type: 'call.announcement-failed',
        announcementId: 'notice-1',
        reason: expect.stringMatching(
          /^400\/8536 Action failed, file could not be downloaded\. Check that the service/,
        ),
      },
    ]);
  });

  test('PlayCanceled: it counts as not given', async () => {
    await using scene = await openScene();
    await announce(scene, { text: 'A very long text indeed.' });
    const { client } = scene.driver.native();
    await client.getCallConnection(scene.call.callConnectionId).getCallMedia().cancelAllOperations();
    await scene.clock.advance(10_000);
    expect(told(scene)).toMatchObject([{ type: 'call.announcement-failed', announcementId: 'notice-1' }]);
  });

  test("the application's own prompts never count as a notice", async () => {
    await using scene = await openScene();
    const media = scene.driver.native().client.getCallConnection(scene.call.callConnectionId).getCallMedia();
    await media.playToAll([{ kind: 'textSource', text: 'Welcome.' }], { operationContext: 'welcome' });
    await scene.clock.advance(10_000);
    expect(scene.heard.some(({ request }) => new TextDecoder().decode(request.body).includes('PlayCompleted'))).toBe(
      true,
    );
    expect(told(scene)).toEqual([]);
  });
});

describe('refusals', () => {
  test('on a call without a leg of ours, before anything is sent', async () => {
    await using scene = await openScene();
    const call = azureServerCall(scene.call.serverCallId);
    const work = scene.driver.doAnnounce(call, { text: 'x' }, { announcementId: 'n' }, scene.context);
    expect(await rejection(work)).toMatchObject({
      code: 'unsupported',
      remedy: expect.stringContaining('connectCall'),
    });
    expect(scene.requests('Play')).toEqual([]);
  });

  test.each([
    ['a serverCallId', 'aHR0cHM6Ly9hcGkuZXhhbXBsZS9jb252LzE='],
    ['a text with a space', 'a leg'],
    ['a line break', 'leg\n'],
  ])('on a call whose callConnectionId is %s, made by hand, before anything is sent', async (_name, key) => {
    await using scene = await openScene();
    const call: CallRef = { kind: 'azure.call-connection', provider: 'azure', key, data: {} };
    const work = scene.driver.doAnnounce(call, { text: 'x' }, { announcementId: 'n' }, scene.context);
    expect(await rejection(work)).toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(/^call\.callConnectionId: /),
    });
    expect(scene.requests('Play')).toEqual([]);
  });

  test.each<[string, Announcement]>([
    ['an empty text', { text: ' ' }],
    ['an empty SSML', { ssml: '' }],
    ['SSML that is a text', { ssml: 'This call is recorded.' }],
    ['SSML that is not well formed', { ssml: '<speak>Tom & Jerry</speak>' }],
    ['a file with a password', { file: 'https://user:pass@prompts.example/notice.wav' }],
    ['a file in a store of ours', { file: 'azblob://acct/prompts/notice.wav' }],
    ['a file that is no URL', { file: 'notice.wav' }],
    ['a file over http', { file: 'http://prompts.example/notice.wav' }],
  ])('%s is refused before anything is sent, and is not quoted', async (_name, announcement) => {
    await using scene = await openScene();
    const error = await rejection(announce(scene, announcement));
    expect(OnRecordError.is(error, 'invalid-request') && error.message).not.toMatch(/pass@/);
    expect(error).toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(/announcement\.(text|ssml|file): /),
    });
    expect(scene.requests('Play')).toEqual([]);
  });

  test.each<[string, unknown, RegExp]>([
    ['nothing to say', {}, /^announcement: Must have one of text, ssml and file/],
    ['no announcement', null, /^announcement: Must have one of/],
    ['two sources, of which nobody knows which is meant', { text: 'x', file }, /^announcement: Must have one of/],
    ['a text that is none', { text: 7 }, /^announcement\.text: Must be text/],
    ['a language that is empty', { text: 'x', language: ' ' }, /^announcement\.language: is empty/],
    ['a voice that is none', { text: 'x', voice: ['Jenny'] }, /^announcement\.voice: Must be text/],
    ['a slip', { text: 'x', langauge: 'de-DE' }, /^announcement\.langauge: .*did you mean language/],
  ])('%s, as a configuration may hold it, is refused with its path', async (_name, given, message) => {
    await using scene = await openScene();
    const error = await rejection(announce(scene, given as Announcement));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringMatching(message) });
    expect(scene.requests('Play')).toEqual([]);
  });

  test('a member that is undefined is not there', async () => {
    await using scene = await openScene();
    const given: Record<string, unknown> = { text: 'Recorded.', ssml: undefined, file: undefined };
    await announce(scene, given as Announcement);
    expect(scene.requests('Play')).toMatchObject([{ status: 202, body: { playSources: [{ kind: 'text' }] } }]);
  });

  test('text on a call without speech services says what to do', async () => {
    await using scene = await openScene({ placement: { cognitiveServicesEndpoint: undefined } });
    const error = await rejection(announce(scene, { text: 'This call is recorded.' }));
    expect(scene.driver.classifyError(error)).toMatchObject({
      code: 'unsupported',
      providerCode: '8567',
      remedy: expect.stringContaining('cognitiveServicesEndpoint'),
    });
  });

  test('the address of a prompt is not shown, for it may hold a signature', async () => {
    await using scene = await openScene();
    const message = 'Could not fetch https://acct.blob.core.windows.net/p/a.wav?sv=2024&sig=abc%3D';
    const body = JSON.stringify({ error: { code: '8536', message } });
    scene.azure.faults.next({
      match: 'Play',
      fault: { status: 400, headers: { 'content-type': 'application/json' }, body },
    });
    const judged = scene.driver.classifyError(await rejection(announce(scene, { file })));
    expect(judged.message).toBe(
      'Azure answered 400/8536: Could not fetch https://acct.blob.core.windows.net/p/a.wav?[secret]',
    );
  });
});

describe('never played twice', () => {
  test.each([
    ['a lost answer', 'drop-before-answer' as const],
    ['an error of the server', azureFaults.serverError()],
  ])('%s is not repeated, whatever the options of the client say', async (_name, fault) => {
    await using scene = await openScene();
    const { azure } = scene;
    const driver = scene.another({
      client: { agent: azure.agent(), retryOptions: { maxRetries: 3, retryDelayInMs: 1 } },
    });
    azure.faults.next({ match: 'Play', fault });
    const work = driver.doAnnounce(scene.ref, { text: 'Once.' }, { announcementId: 'n' }, scene.context);
    expect(driver.classifyError(await rejection(work))).toMatchObject({ code: 'unavailable', retry: 'never' });
    expect(scene.requests('Play')).toHaveLength(1);
    expect(azure.faults.applied()).toHaveLength(1);
  });
});
