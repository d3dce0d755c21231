import { inspect } from 'node:util';
import {
  type Announcement,
  type CallNotice,
  createRecorder,
  defineFlow,
  errorFields,
  type Session,
} from '@onrecord/core';
import { describe, expect, test } from 'vitest';
import { azureServerCall } from './call-ref.ts';
import { connected, type OpenedRecorder, openRecorder } from './testing/recorder-scene.ts';
import { mixedWav, rejection, type SceneOptions } from './testing/scene.ts';

/** Serves a flow that announces on `call.connected`, starts once that is proven, and notes every notice. */
async function served(options: SceneOptions = {}, announcement: Announcement = { text: 'This call is recorded.' }) {
  const opened = await openRecorder(options);
  const heard: CallNotice[] = [];
  const sessions: string[] = [];
  const serve = () =>
    opened.recorder.serve(
      defineFlow(
        { outputs: [mixedWav], announce: 'required' },
        {
          onCall(notice, turn) {
            heard.push(notice);
            if (notice.type === 'call.connected') turn.announce(announcement);
            if (notice.type === 'call.announced') {
              sessions.push(turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } }));
            }
          },
        },
      ),
    );
  serve();
  return { opened, heard, sessions, serve, about: () => heard.filter(({ type }) => type.includes('announce')) };
}

const reasonIn = (notice: CallNotice | undefined) => (notice && 'reason' in notice ? notice.reason : undefined);

async function lastSession(opened: OpenedRecorder): Promise<Session> {
  const [id = ''] = await opened.store.list();
  return opened.recorder.attach(id);
}

describe('consent', () => {
  test('stands in the session: the event PlayCompleted and the announcement', async () => {
    const { opened, about } = await served();
    await using _ = opened;
    const { call } = await connected(opened.scene);
    await opened.scene.clock.advance(10_000);
    const [announced] = about();
    const { consent } = await (await lastSession(opened)).record();
    const [, eventId, announcementId] = consent?.noticeId.split('/') ?? [];
    expect(consent).toEqual({ basis: 'announced', noticeId: announced?.noticeId });
    expect(announced).toMatchObject({ type: 'call.announced', announcementId });
    const completed = opened.scene.azure
      .callbacks()
      .flatMap(({ events }) => events)
      .find(({ type }) => type.endsWith('.PlayCompleted'));
    expect(completed).toMatchObject({ id: eventId, data: { operationContext: `onrecord/${announcementId}` } });
    call.end();
  });

  test.each(['PlayCompleted', 'PlayFailed'])(
    '%s that comes twice, or again to another process, counts once',
    async (type) => {
      const { opened, about, sessions, serve } = await served();
      await using _ = opened;
      const { azure, clock } = opened.scene;
      if (type === 'PlayFailed') azure.failNextPlay({ code: 400, subCode: 8536, message: 'No file.' });
      azure.eventFaults.next({ match: type, fault: 'duplicated' });
      const { call } = await connected(opened.scene);
      await clock.advance(10_000);
      await opened.restart();
      serve();
      await clock.advance(10_000);
      expect(about()).toHaveLength(1);
      expect(sessions).toHaveLength(type === 'PlayCompleted' ? 1 : 0);
      call.end();
    },
  );

  test('PlayFailed: nothing is recorded, and the flow hears why and what to do', async () => {
    const { opened, about } = await served();
    await using _ = opened;
    opened.scene.azure.failNextPlay({ code: 403, subCode: 8565, message: 'Speech quota exceeded.' });
    await connected(opened.scene);
    await opened.scene.clock.advance(10_000);
    expect(about().map(reasonIn)).toEqual([
      '403/8565 Speech quota exceeded. Raise the quota of the Azure AI resource.',
    ]);
    expect(opened.scene.requests('StartRecording')).toEqual([]);
  });
});

describe('CallDisconnected while it plays', () => {
  test('fails it, before the end is told, since no event will come any more', async () => {
    const { opened, heard } = await served(
      {},
      { text: 'A very long notice that nobody listens to until its end. '.repeat(5) },
    );
    await using _ = opened;
    const { call } = await connected(opened.scene);
    await opened.scene.clock.advance(1_000);
    call.end();
    await opened.scene.clock.advance(60_000);
    const types = heard.filter(({ call: { key } }) => key === call.callConnectionId).map(({ type }) => type);
    expect(types.filter((type) => !type.startsWith('call.participant'))).toEqual([
      'call.connected',
      'call.announcement-failed',
      'call.ended',
    ]);
    expect(reasonIn(heard.find(({ type }) => type === 'call.announcement-failed'))).toMatch(/call ended before/);
    expect(opened.scene.requests('StartRecording')).toEqual([]);
  });

  test('is failed by whatever process hears of the end, once', async () => {
    const { opened, about, serve } = await served({}, { text: 'A very long notice. '.repeat(20) });
    await using _ = opened;
    const { call } = await connected(opened.scene);
    await opened.scene.clock.advance(1_000);
    opened.crash();
    serve();
    opened.scene.azure.eventFaults.next({ match: 'CallDisconnected', fault: 'duplicated' });
    call.end();
    await opened.scene.clock.advance(60_000);
    expect(about().map(({ type }) => type)).toEqual(['call.announcement-failed']);
  });
});

describe('a text on a call that was placed without cognitiveServicesEndpoint', () => {
  test.each([
    ['refused at once by 8567', 'refuse'],
    ['PlayFailed 8565 after a 202', 'play-failed'],
  ] as const)('%s: the flow hears the prerequisites', async (_name, speechWithoutAi) => {
    const { opened, about } = await served({
      placement: { cognitiveServicesEndpoint: undefined },
      resource: { behaviour: { speechWithoutAi } },
    });
    await using _ = opened;
    await connected(opened.scene);
    await opened.scene.clock.advance(10_000);
    expect(about()).toMatchObject([{ type: 'call.announcement-failed' }]);
    if (speechWithoutAi === 'refuse') {
      const { ref } = await connected(opened.scene);
      const error = await rejection(opened.scene.clock.until(opened.recorder.announce(ref, { text: 'Hi' })));
      expect(error).toMatchObject({ code: 'unsupported', context: { providerCode: '8567' } });
      for (const what of [
        'answer',
        'connect',
        'multi-service',
        'managed identity',
        'Cognitive Services User',
        'region',
        'A file needs none',
      ])
        expect(error).toMatchObject({ remedy: expect.stringMatching(new RegExp(what, 'i')) });
    }
  });
});

describe('never played twice', () => {
  test.each([
    ['lost', 'drop-before-answer' as const],
    ['500', { status: 500 }],
    ['408', { status: 408 }],
  ])('an answer to Play that is %s is not made good by another one', async (_name, fault) => {
    await using opened = await openRecorder();
    const { clock, azure } = opened.scene;
    const { ref } = await connected(opened.scene);
    azure.faults.next({ match: 'Play', fault });
    const error = await rejection(clock.until(opened.recorder.announce(ref, { text: 'Once.' })));
    expect(error).toMatchObject({ retry: 'never' });
    await clock.advance(60_000);
    expect(opened.scene.requests('Play')).toHaveLength(1);
  });

  test('a lost answer whose PlayCompleted comes is a notice that was given after all', async () => {
    const { opened, about, sessions } = await served();
    await using _ = opened;
    opened.scene.azure.faults.next({ match: 'Play', fault: 'drop-before-answer' });
    const { call } = await connected(opened.scene);
    await opened.scene.clock.advance(20_000);
    expect(about().map(({ type }) => type)).toEqual(['call.announcement-failed', 'call.announced']);
    expect(opened.scene.requests('Play')).toHaveLength(1);
    expect(sessions).toHaveLength(1);
    call.end();
  });

  test.each([429, 503])(
    '%i with a Retry-After was turned away, and is asked for again after that time',
    async (status) => {
      await using opened = await openRecorder();
      const { clock, azure } = opened.scene;
      const { ref } = await connected(opened.scene);
      azure.faults.next({ match: 'Play', fault: { status, headers: { 'retry-after': '3' } } });
      const before = clock.now();
      await clock.until(opened.recorder.announce(ref, { text: 'Once.' }));
      expect(clock.now() - before).toBeGreaterThanOrEqual(3_000);
      expect(opened.scene.requests('Play').map(({ status: answer }) => answer)).toEqual([status, 202]);
    },
  );
});

test('a call that is known by its serverCallId alone cannot be announced on, and is told how it could', async () => {
  await using opened = await openRecorder();
  const ref = azureServerCall(opened.scene.call.serverCallId);
  expect(await rejection(opened.recorder.announce(ref, { text: 'Hi' }))).toMatchObject({
    code: 'unsupported',
    remedy: expect.stringMatching(/connectCall with its serverCallId.*call\.connected/),
  });
  expect(opened.scene.requests('Play')).toEqual([]);
});

test('the signature in the address of a prompt is in no error, log, record or store of evidence', async () => {
  await using opened = await openRecorder();
  const { scene, store } = opened;
  const { ref } = await connected(scene);
  const file = 'https://acct.blob.core.windows.net/prompts/notice.wav?sv=2024&sig=c2lnbmF0dXJl';
  const logged: unknown[] = [];
  const log = (...entry: unknown[]) => void logged.push(entry);
  const logger = { debug: log, info: log, warn: log, error: log };
  const recorder = createRecorder(scene.driver, { clock: scene.clock, store, logger });
  const message = `Cannot fetch ${file}`;
  const fault = {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { code: '8536', message } }),
  };
  scene.azure.faults.next({ match: 'Play', fault });
  const error = await rejection(scene.clock.until(recorder.announce(ref, { file }, { announcementId: 'n' })));
  const shown = [inspect(error, { depth: 8 }), JSON.stringify(errorFields(error)), inspect(logged, { depth: 8 })];
  shown.push(JSON.stringify(await store.recall('announcement/n')));
  for (const text of shown) expect(text).not.toContain('c2lnbmF0dXJl');
  expect(error).toMatchObject({ message: expect.stringContaining('notice.wav?[secret]') });
  await recorder.close();
});
