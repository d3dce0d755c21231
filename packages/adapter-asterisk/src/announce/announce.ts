import { type Announcement, type CallRef, OnRecordError, withoutSecrets } from '@onrecord/core';
import { targetOf } from '../call-ref.ts';
import { isAnswer, isGone } from '../client/ari-error.ts';
import { isObject, textAt } from '../json-reader.ts';
import { subscribe } from '../recording/subscribe.ts';
import { ask, type Work } from '../recording/work.ts';
import { mediaOf } from './media.ts';
import { playbackIdOf } from './playback-id.ts';

/** Milliseconds between looks, how many find it queued at most, and how many have to find it playing. */
const lookMs = 15;
const queuedLooks = 40;
const playingLooks = 3;
/** What is gone sooner was not played: no announcement is that short. */
const shortestMs = 60;

/**
 * Plays a file to everybody on a bridge, or to one channel that is in a Stasis application. The server takes everything
 * and drops what it cannot find, partly without an event: so it is looked whether the playback stands. On a busy machine
 * it may be over by then: what is gone late was played if it is there to be played.
 *
 * @throws OnRecordError `unsupported` for text without a sound and for schemes that never end; `not-found` when it was dropped at once.
 */
export async function announceOn(
  work: Work,
  call: CallRef,
  announcement: Announcement,
  announcementId: string,
): Promise<void> {
  const media = mediaOf(announcement, work.config.sounds);
  const target = targetOf(call);
  const id = playbackIdOf(announcementId);
  await subscribe(work, target);
  const before = work.clock.monotonic();
  await ask(work, 'POST', [`${target.kind}s`, target.id, 'play', id], { media });
  for (let queued = 0, playing = 0; queued < queuedLooks && playing < playingLooks; ) {
    await work.clock.delay(lookMs, { signal: work.signal });
    const state = await playbackState(work, id);
    if (state === 'queued') queued++;
    else if (state !== undefined) playing++;
    else if (work.clock.monotonic() - before >= shortestMs && (await isThere(work, media))) return;
    else throw dropped(media, announcementId);
  }
}

/** Whether the server has the media. Of what it fetches from elsewhere that cannot be told. */
async function isThere(work: Work, media: string): Promise<boolean> {
  const [, scheme = '', name = ''] = /^([^:]+):(.*)$/s.exec(media) ?? [];
  switch (scheme.toLowerCase()) {
    case 'sound':
      return isListed(work, ['sounds', name]);
    case 'recording':
      return isListed(work, ['recordings', 'stored', name]);
    case 'http':
    case 'https':
      return false;
    default:
      return true;
  }
}

async function isListed(work: Work, path: readonly string[]): Promise<boolean> {
  try {
    await ask(work, 'GET', path);
    return true;
  } catch (error) {
    if (isAnswer(error, 404)) return false;
    throw error;
  }
}

function dropped(media: string, announcementId: string): OnRecordError {
  return new OnRecordError(
    'not-found',
    `Asterisk dropped the playback of ${withoutSecrets(media)} at once: there is no such media.`,
    {
      remedy: 'Name a sound file below its sounds folder, or a recording or URL that it can reach.',
      context: { announcementId },
    },
  );
}

async function playbackState(work: Work, id: string): Promise<string | undefined> {
  try {
    const playback = await ask(work, 'GET', ['playbacks', id]);
    return isObject(playback) ? (textAt(playback, 'state') ?? 'unknown') : 'unknown';
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
