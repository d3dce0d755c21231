/** What a capture pipeline writes apart. Content shares lie in the folder of the videos. */
export type CaptureStream =
  | 'audio'
  | 'video'
  | 'content'
  | 'composited-video'
  | 'data-channel'
  | 'meeting-events'
  | 'transcription-messages';

/**
 * One chunk of a capture pipeline, as its key tells it: a few seconds of media or what was said of them.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/artifacts.html}
 */
export interface ChunkKey {
  readonly stream: CaptureStream;
  /** When the chunk begins: epoch milliseconds. */
  readonly startMs: number;
  /** @personal Whose video or content share it is; absent for what all share. */
  readonly attendeeId?: string | undefined;
}

const folders: Readonly<Record<Exclude<CaptureStream, 'content'>, 'mp4' | 'txt'>> = {
  audio: 'mp4',
  video: 'mp4',
  'composited-video': 'mp4',
  'data-channel': 'txt',
  'meeting-events': 'txt',
  'transcription-messages': 'txt',
};

const pattern =
  /^([a-z-]+)\/(\d{4})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{3})(?:-([^/#]+?)(#content)?)?\.(mp4|txt)$/;

/**
 * Reads the key of a chunk, relative to the prefix of its pipeline: `audio/2022-09-05-16-40-02-991.mp4`,
 * `video/…-<attendee>.mp4`, `video/…-<attendee>#content.mp4`. Undefined for anything else, which is no error: what the
 * service adds one day is listed as unknown.
 */
export function parseChunkKey(relativeKey: string): ChunkKey | undefined {
  const match = pattern.exec(relativeKey);
  if (!match) return undefined;
  const [, folder = '', year, month, day, hour, minute, second, ms, attendeeId, content, extension] = match;
  if (!isFolder(folder) || folders[folder] !== extension) return undefined;
  if ((attendeeId !== undefined) !== (folder === 'video')) return undefined;
  const date = [Number(year), Number(month), Number(day)] as const;
  const time = [Number(hour), Number(minute), Number(second), Number(ms)] as const;
  if (!isDate(...date) || time[0] > 23 || time[1] > 59 || time[2] > 59) return undefined;
  const startMs = Date.UTC(date[0], date[1] - 1, date[2], ...time);
  if (attendeeId === undefined) return { stream: folder, startMs };
  return { stream: content === undefined ? 'video' : 'content', startMs, attendeeId };
}

/** The key of a chunk, relative to the prefix of its pipeline: what {@link parseChunkKey} reads. */
export function formatChunkKey({ stream, startMs, attendeeId }: ChunkKey): string {
  const folder = stream === 'content' ? 'video' : stream;
  const time = new Date(startMs).toISOString().replace(/[T:.]/g, '-').slice(0, -1);
  const whose = attendeeId === undefined ? '' : `-${attendeeId}`;
  return `${folder}/${time}${whose}${stream === 'content' ? '#content' : ''}.${folders[folder]}`;
}

/** The folder of a stream below the prefix of its pipeline, with a slash at its end. */
export function folderOf(stream: CaptureStream): string {
  return `${stream === 'content' ? 'video' : stream}/`;
}

/** Date.UTC would take the 31st of a month of 30 days for the next one's first. */
function isDate(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  // Years before 100 would be taken for those of the last century.
  return year >= 1_000 && day >= 1 && day <= (month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0));
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isFolder(name: string): name is keyof typeof folders {
  return Object.hasOwn(folders, name);
}
