import { randomUUID } from 'node:crypto';
import { type Announcement, type Clock, OnRecordError, systemClock } from '@onrecord/core';
import { expect, test } from 'vitest';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { openScene, rejection, speak, until } from '../testing/scene.ts';
import { describeOnAsterisk } from '../testing/server/lane.ts';

describeOnAsterisk('an announcement', (server) => {
  test.each(['channel', 'bridge'] as const)('on a %s is told of under its id when it was played', async (kind) => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party('silence');
    const call = kind === 'channel' ? asteriskChannel(party) : asteriskBridge(await scene.bridge(party));
    const announcementId = randomUUID();
    await scene.driver.doAnnounce(call, { file: 'beep' }, { announcementId }, scene.context);
    await until(() => scene.calls.some(({ type }) => type === 'call.announced'));
    const notices = scene.calls.filter(({ type }) => type.startsWith('call.announce'));
    expect(notices).toMatchObject([
      { type: 'call.announced', announcementId, call: { kind: call.kind, key: call.key } },
    ]);
  });

  test('on a bridge that another application made is told of as well', async () => {
    await using other = openScene(server);
    await other.listen();
    await using scene = openScene(server);
    await scene.listen();
    const call = asteriskBridge(await other.bridge(await other.party('silence')));
    const announcementId = randomUUID();
    await scene.driver.doAnnounce(call, { file: 'beep' }, { announcementId }, scene.context);
    await until(() => scene.calls.some((notice) => notice.type === 'call.announced'));
    expect(scene.calls).toContainEqual(expect.objectContaining({ type: 'call.announced', announcementId }));
  });

  test('of a text is the sound that the option has for it', async () => {
    await using scene = openScene(server, { sounds: { 'This call is recorded.': 'beep' } });
    await scene.listen();
    const call = asteriskChannel(await scene.party('silence'));
    const announcementId = randomUUID();
    await scene.driver.doAnnounce(call, { text: 'This call is recorded.' }, { announcementId }, scene.context);
    await until(() => scene.calls.some(({ type }) => type === 'call.announced'));
    const other = scene.driver.doAnnounce(call, { text: 'Another one.' }, { announcementId }, scene.context);
    expect(scene.driver.classifyError(await rejection(other))).toMatchObject({ code: 'unsupported', blame: 'caller' });
  });

  test('that the hang-up cuts off counts as not given', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party('silence');
    const announcementId = randomUUID();
    const call = asteriskChannel(party);
    await scene.driver.doAnnounce(call, { file: 'sound:tt-weasels' }, { announcementId }, scene.context);
    await scene.hangUp(party);
    await until(() => scene.calls.some(({ type }) => type === 'call.announcement-failed'));
    expect(scene.calls.some(({ type }) => type === 'call.announced')).toBe(false);
  });

  test('that is over before it is looked at was given, if it is there', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const call = asteriskChannel(await scene.party('silence'));
    const clock: Clock = { ...systemClock, delay: (ms, options) => systemClock.delay(Math.max(ms, 1_500), options) };
    const announce = (file: string) =>
      scene.driver.doAnnounce(call, { file }, { announcementId: randomUUID() }, { ...scene.context, clock });
    await announce('beep');
    expect(scene.calls.map(({ type }) => type)).toContain('call.announced');
    for (const file of ['no-such-sound', 'recording:none']) {
      expect(await rejection(announce(file))).toMatchObject({ code: 'not-found' });
    }
  });

  test('of the application itself is none of ours', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party('silence');
    await scene.ari('POST', `/channels/${party}/play/mine`, { media: 'sound:beep' });
    await speak(700);
    expect(scene.calls.filter(({ type }) => type.startsWith('call.announce'))).toEqual([]);
  });

  test.each<[string, Announcement, string]>([
    ['a sound that there is not', { file: 'no-such-sound' }, 'not-found'],
    ['a recording that there is not', { file: 'recording:none' }, 'not-found'],
    ['a text', { text: 'This call is recorded.' }, 'unsupported'],
    ['a tone, which never ends', { file: 'tone:ring' }, 'unsupported'],
    ['a scheme of nobody', { file: 'bogus:x' }, 'unsupported'],
  ])('of %s is refused', async (_name, announcement, code) => {
    await using scene = openScene(server);
    await scene.listen();
    const call = asteriskChannel(await scene.party('silence'));
    const work = scene.driver.doAnnounce(call, announcement, { announcementId: randomUUID() }, scene.context);
    const error = await rejection(work);
    expect(OnRecordError.is(error) ? error.code : error).toBe(code);
  });

  test('on a channel that is in no application is refused', async () => {
    await using scene = openScene(server);
    await scene.listen();
    const party = await scene.party('silence');
    const call = asteriskChannel(`${party};2`);
    const work = scene.driver.doAnnounce(call, { file: 'beep' }, { announcementId: randomUUID() }, scene.context);
    expect(scene.driver.classifyError(await rejection(work))).toMatchObject({ code: 'invalid-state', blame: 'caller' });
  });
});
