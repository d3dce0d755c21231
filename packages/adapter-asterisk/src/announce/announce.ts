import { type Announcement, type CallRef, OnRecordError } from '@onrecord/core';
import { targetOf } from '../call-ref.ts';
import { isGone } from '../client/ari-error.ts';
import { isObject, textAt } from '../json-reader.ts';
import { subscribe } from '../recording/subscribe.ts';
import { ask, type Work } from '../recording/work.ts';
import { mediaOf } from './media.ts';
import { playbackIdOf } from './playback-id.ts';

/** Milliseconds between looks, how many find it queued at most, and how many have to find it playing. */
const lookMs = 15;
const queuedLooks = 40;
const playingLooks = 3;

/**
 * Plays a file to everybody on a bridge, or to one channel that is in a Stasis application. The server takes everything
 * and drops what it cannot find, partly without an event: so it is looked whether the playback stands.
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
  await ask(work, 'POST', [`${target.kind}s`, target.id, 'play', id], { media });
  for (let queued = 0, playing = 0; queued < queuedLooks && playing < playingLooks; ) {
    await work.clock.delay(lookMs, { signal: work.signal });
    const state = await playbackState(work, id);
    if (state === 'queued') queued++;
    else if (state !== undefined) playing++;
    else throw dropped(media, announcementId);
  }
}

function dropped(media: string, announcementId: string): OnRecordError {
  return new OnRecordError('not-found', `Asterisk dropped the playback of ${media} at once: there is no such media.`, {
    remedy: 'Name a sound file below its sounds folder, or a recording or URL that it can reach.',
    context: { announcementId },
  });
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
