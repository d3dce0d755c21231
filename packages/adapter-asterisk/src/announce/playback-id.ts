const prefix = 'onrecord.';

/** Under which id an announcement is played; the prefix tells it from what the application plays itself. */
export function playbackIdOf(announcementId: string): string {
  return `${prefix}${announcementId}`;
}

export function announcementIn(playbackId: string | undefined): string | undefined {
  return playbackId?.startsWith(prefix) ? playbackId.slice(prefix.length) : undefined;
}
