import type { ChunkSource, ListedObject } from '../chunks/chunk-source.ts';

/** One file that a concatenation left behind. */
export interface JoinedFile extends ListedObject {
  readonly kind: 'audio' | 'composited-video' | 'video' | 'content' | 'text' | 'unknown';
  /** @personal Whose camera or share it shows, where the name tells it. */
  readonly attendeeId?: string | undefined;
}

/** Files listed at most: three per attendee of the largest meeting. */
const mostFiles = 800;

/**
 * The files under the destination of one concatenation. Names of single cameras and shares are not documented: they are
 * known by the attendee's id in them.
 *
 * @param destination key prefix, without a slash at its end.
 * @param attendees ids of those of whom there are chunks.
 */
export async function listJoined(
  source: ChunkSource,
  destination: string,
  attendees: readonly string[],
  signal: AbortSignal,
): Promise<readonly JoinedFile[]> {
  const files: JoinedFile[] = [];
  for await (const object of source.list(`${destination}/`, { signal })) {
    files.push({ ...object, ...classify(object.key.slice(destination.length + 1), attendees) });
    if (files.length >= mostFiles) break;
  }
  return files;
}

function classify(relative: string, attendees: readonly string[]): Pick<JoinedFile, 'kind' | 'attendeeId'> {
  // A service that took the destination for one without a prefix would put a folder with its id before.
  const [, folder = '', name = ''] = /(?:^|\/)([a-z-]+)\/([^/]+)$/.exec(relative) ?? [];
  if (name.endsWith('.txt')) return { kind: 'text' };
  if (!name.endsWith('.mp4')) return { kind: 'unknown' };
  if (folder === 'audio' || folder === 'composited-video') return { kind: folder };
  if (folder !== 'video' && folder !== 'content') return { kind: 'unknown' };
  const attendeeId = attendees.find((id) => name.includes(id));
  if (attendeeId === undefined) return { kind: 'unknown' };
  const shared = folder === 'content' || name.includes('#content');
  return { kind: shared ? 'content' : 'video', attendeeId };
}
