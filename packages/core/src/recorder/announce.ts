import type { Announcement } from '../call/announcement.ts';
import type { CallRef } from '../call/call-ref.ts';
import { timestamp } from '../clock.ts';
import { digestOf, newId } from '../engine/ids.ts';
import { OnRecordError } from '../errors/index.ts';
import { announcementsOf, failureNoticeId } from './call-announcements.ts';
import { checkAnnouncement, checkCall } from './check-start.ts';
import { heardFirst, type RecorderContext } from './recorder-context.ts';

/** How long what was announced can be looked up; the consent in the record lasts as long as the record. */
const keptMs = 90 * 24 * 3_600_000;
const maxAttempts = 3;
const firstRetryMs = 250;
const longestRetryMs = 8_000;

const never: AbortSignal = new AbortController().signal;

/** See `RecorderAnnounce.announce`. The digest of what was said is remembered as `announcement/<id>`. */
export async function announce(
  context: RecorderContext,
  call: CallRef,
  announcement: Announcement,
  options: { readonly announcementId?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const { clock, store, instance, instances } = context;
  const reference = checkCall(context, call);
  checkAnnouncement(context, reference, announcement);
  const driver = instances[instance]?.driver;
  if (!driver?.doAnnounce) {
    throw new OnRecordError('unsupported', `The driver of "${instance}" declares announcements and has none.`, {
      blame: 'library',
    });
  }
  const announcementId = options.announcementId ?? newId();
  const signal = options.signal ?? never;
  await heardFirst(context, options.signal);
  const evidence = { call: reference.key, digest: digestOf(announcement), at: timestamp(clock.now()) };
  const keptUntil = timestamp(clock.now() + keptMs);
  await store.remember(`announcement/${announcementId}`, evidence, keptUntil);
  const announcements = announcementsOf(store, instance, reference);
  await announcements.asked(announcementId, keptUntil);
  for (let attempt = 1, waitMs = firstRetryMs; ; attempt++, waitMs *= 2) {
    try {
      await driver.doAnnounce(reference, announcement, { announcementId }, { signal, clock });
      return announcementId;
    } catch (error) {
      signal.throwIfAborted();
      const judged = driver.classifyError(error);
      const wrapped = OnRecordError.wrap(error, judged, { operation: 'announce', provider: instance, announcementId });
      if (wrapped.retry !== 'safe' || attempt === maxAttempts) {
        await announcements.told(announcementId, failureNoticeId(announcementId), keptUntil);
        throw wrapped;
      }
      await clock.delay(Math.min(judged.retryAfterMs ?? waitMs, longestRetryMs), { signal });
    }
  }
}
