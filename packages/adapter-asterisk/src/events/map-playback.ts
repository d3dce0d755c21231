import { type CallNotice, type CallRef, withoutSecrets } from '@onrecord/core';
import { announcementIn } from '../announce/playback-id.ts';
import { asteriskBridge, asteriskChannel } from '../call-ref.ts';
import { objectAt, textAt } from '../json-reader.ts';
import type { AriEvent } from './read-event.ts';

/** What became of an announcement of ours; none for what the application plays itself. */
export function mapPlayback({ type, at, body }: AriEvent): readonly CallNotice[] {
  if (type !== 'PlaybackFinished') return [];
  const playback = objectAt(body, 'playback');
  const announcementId = announcementIn(textAt(playback, 'id'));
  const call = callOf(textAt(playback, 'target_uri') ?? '');
  if (announcementId === undefined || !call) return [];
  const base = { call, announcementId, ...(at === undefined ? {} : { at }) };
  const noticeId = `asterisk/playback/${encodeURIComponent(announcementId)}`;
  const state = textAt(playback, 'state') ?? 'unknown';
  if (state === 'done') return [{ type: 'call.announced', noticeId, ...base }];
  const media = withoutSecrets(textAt(playback, 'media_uri') ?? 'the file');
  const reason = `Asterisk says of the playback of ${media}: ${state}.`;
  return [{ type: 'call.announcement-failed', noticeId: `${noticeId}/failed`, ...base, reason }];
}

function callOf(targetUri: string): CallRef | undefined {
  const [, kind, id] = /^(channel|bridge):(.+)$/.exec(targetUri) ?? [];
  if (id === undefined) return undefined;
  return kind === 'bridge' ? asteriskBridge(id) : asteriskChannel(id);
}
