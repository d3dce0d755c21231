import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { describe } from '../app/run.ts';
import { cardAbsent } from '../measure/card-check.ts';
import { placesOf } from '../measure/places.ts';
import { type RecordedFile, readRecordedFile } from '../measure/recorded-file.ts';
import { channelsApart, findTurns, turnsPresent } from '../measure/speech-checks.ts';
import type { Turn } from '../speech/script.ts';
import { type Result, type ResultFile, root } from './result.ts';

export interface Claim {
  readonly claim: string;
  readonly holds: boolean;
  readonly detail?: string | undefined;
}

/** What every run has to have checked, besides whether the voices are apart where they lie on channels of their own, and
 * where their files begin where they lie in several. */
const required = [
  'settled',
  'one-session',
  'turns-present',
  'card-absent',
  'card-window',
  'pause-marks',
  'duration',
  'positions',
  'digests',
  'manifest',
] as const;

/** Every claim of a result that its files can prove or refute. */
export async function claimsOf(result: Result, turns: readonly Turn[]): Promise<readonly Claim[]> {
  const { state, verdict, checks, emulated, pauses, artifacts } = result;
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  const named = new Set(checks.map(({ name }) => name));
  const absent = [...required, ...(hasSeveralFiles(result) ? (['track-offsets'] as const) : [])].filter(
    (name) => !named.has(name),
  );
  const segmented = pauses.some(({ effect }) => effect === 'segmented');
  return [
    {
      claim: 'it is completed and present',
      holds: state === 'completed' && verdict === 'present',
      detail: `${state}, ${verdict}`,
    },
    {
      claim: 'every check was made and passed',
      holds: failed.length + absent.length === 0,
      detail: [...failed, ...absent].join(' ') || undefined,
    },
    {
      claim: 'there was a pause, and it ended',
      holds: pauses.length > 0 && pauses.every(({ from, to }) => to !== undefined && from < to),
    },
    { claim: 'what is emulated is said', holds: segmented === emulated.includes('pause-by-segments') },
    ...(await Promise.all(artifacts.map(onDisk))),
    await listed(result),
    ...(await heard(result, turns)),
  ];
}

/** Whether the voices of one part lie in files of their own. */
function hasSeveralFiles({ artifacts }: Result): boolean {
  const parts = artifacts.filter(({ role }) => role !== 'manifest' && role !== 'metadata').map(({ partId }) => partId);
  return new Set(parts).size < parts.length;
}

/** The page that was written beside the recordings. */
export async function pageClaims(results: readonly Result[]): Promise<readonly Claim[]> {
  const page = await readFile(join(root, 'out/demo/report.html'), 'utf8').catch(() => '');
  const addresses = [...page.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"'\s)]{0,8})/gi)].map(
    ([, address = '']) => address,
  );
  return [
    { claim: 'it fetches nothing', holds: page !== '' && addresses.every((address) => /^(?:data:|#)/.test(address)) },
    {
      claim: 'it shows every session with the digests of its files',
      holds: results.every(
        ({ sessionId, artifacts }) =>
          page.includes(sessionId) && artifacts.every(({ sha256 }) => sha256 !== undefined && page.includes(sha256)),
      ),
    },
  ];
}

function pathOf({ path }: ResultFile): string {
  return join(root, path);
}

async function onDisk(file: ResultFile): Promise<Claim> {
  const claim = `${file.path} is there, as long and with the digest as stated`;
  if (isAbsolute(file.path) || relative(root, pathOf(file)).startsWith('..')) {
    return { claim, holds: false, detail: 'its path is not relative to the repository' };
  }
  const bytes = await readFile(pathOf(file)).catch(() => undefined);
  const digest = bytes && createHash('sha256').update(bytes).digest('hex');
  return { claim, holds: bytes?.length === file.bytes && digest === file.sha256 };
}

async function listed({ artifacts, sessionId }: Result): Promise<Claim> {
  const claim = 'the manifest is of this session and lists every other file with its digest';
  const own = artifacts.find(({ role }) => role === 'manifest');
  if (!own) return { claim, holds: false, detail: 'there is none' };
  const text = await readFile(pathOf(own), 'utf8').catch(() => '{}');
  const manifest = JSON.parse(text) as {
    readonly session?: { readonly id?: string };
    readonly artifacts?: readonly { readonly location: string; readonly sha256?: string }[];
  };
  const missing = artifacts.filter(
    ({ role, uri, sha256 }) =>
      role !== 'manifest' && !manifest.artifacts?.some((each) => each.location === uri && each.sha256 === sha256),
  );
  return { claim, holds: manifest.session?.id === sessionId && missing.length === 0 };
}

/** What the sound itself says. */
async function heard(result: Result, turns: readonly Turn[]): Promise<readonly Claim[]> {
  const media = result.artifacts.filter(({ role }) => role !== 'manifest' && role !== 'metadata');
  const files: RecordedFile[] = [];
  for (const file of media) {
    const container = file.path.endsWith('.mp4') ? 'mp4' : 'wav';
    try {
      files.push(await readRecordedFile(pathOf(file), container, file.partId));
    } catch (error) {
      return [{ claim: `${file.path} can be heard`, holds: false, detail: describe(error) }];
    }
  }
  return soundOf(result, media, files, turns);
}

function soundOf(
  { tracks, checks }: Result,
  media: readonly ResultFile[],
  files: readonly RecordedFile[],
  turns: readonly Turn[],
): readonly Claim[] {
  const lengths = media.map(({ durationMs = 0, channels: count }, index): Claim => {
    const { durationMs: actualMs = 0, channels: actual = [] } = files[index] ?? {};
    return {
      claim: `${media[index]?.path} lasts as stated, on as many channels`,
      holds: Math.abs(actualMs - durationMs) <= 1 && actual.length === count,
      detail: `${Math.round(actualMs)} ms, ${actual.length}`,
    };
  });
  const expected = String(checks.find(({ name }) => name === 'duration')?.measured['expectedMs'] ?? '').split(' + ');
  const asLong =
    expected.length === files.length &&
    files.every(({ durationMs }, index) => Math.abs(durationMs - Number(expected[index])) <= 50);
  const placeOf = placesOf(
    media.map(({ partId, path }) => ({ partId, tracks: tracks.filter((track) => track.path === path) })),
  );
  const found = findTurns(files, turns);
  const apart = channelsApart(files, found, placeOf);
  const sounds = [turnsPresent(found, placeOf), ...(apart ? [apart] : []), cardAbsent(files, turns)];
  return [
    ...lengths,
    { claim: 'the files last as long as was captured, within 50 ms', holds: asLong, detail: expected.join(' + ') },
    ...sounds.map(({ claim, passed, measured }): Claim => ({ claim, holds: passed, detail: JSON.stringify(measured) })),
  ];
}
