import { rmsLevel } from '@onrecord/core/media';
import { VOICE_RATE } from '@onrecord/simulator';
import type { Speaker, Turn } from '../speech/script.ts';
import { type Check, rounded } from './check.ts';
import type { Match } from './matched-filter.ts';
import type { Place, PlaceOf } from './places.ts';
import type { RecordedFile } from './recorded-file.ts';

/** A turn as it was found in the files. */
export interface FoundTurn extends Match {
  readonly turn: Turn;
  readonly file: number;
  readonly channel: number;
}

/** Likeness from which a clip counts as heard: the same words through a codec reach 0.99. */
export const HEARD = 0.8;
const LEAST_APART_DB = 30;

/** Where each turn but the card number sounds. */
export function findTurns(files: readonly RecordedFile[], turns: readonly Turn[]): readonly FoundTurn[] {
  return turns
    .filter(({ card }) => !card)
    .map((turn) =>
      best(files, turn.samples, ({ at, likeness }, file, channel) => ({ turn, at, likeness, file, channel })),
    );
}

/** Every turn but the card number is in the recording, in its speaker's place where there is one. */
export function turnsPresent(found: readonly FoundTurn[], placeOf: PlaceOf): Check {
  const astray = found.filter(({ turn, file, channel }) => {
    const place = placeOf(turn.speaker, file);
    return place !== undefined && (place.file !== file || place.channel !== channel);
  });
  const least = Math.min(...found.map(({ likeness }) => likeness));
  return {
    name: 'turns-present',
    claim: 'Everything that was said outside the pause is in the recording, on the channel of who said it.',
    passed: least >= HEARD && astray.length === 0,
    measured: { turns: found.length, astray: astray.length, leastLikeness: rounded(least, 3), limit: HEARD },
  };
}

/**
 * While only one speaks, the other's channel is quiet, be it of the same file or of another one of the part. Undefined
 * where every part has only one channel.
 */
export function channelsApart(
  files: readonly RecordedFile[],
  found: readonly FoundTurn[],
  placeOf: PlaceOf,
): Check | undefined {
  const channelsOf = (part: string) =>
    files.reduce((sum, each) => sum + (each.partId === part ? each.channels.length : 0), 0);
  if (files.every(({ partId }) => channelsOf(partId) < 2)) return undefined;
  const least: Record<Speaker, number> = { caller: Number.POSITIVE_INFINITY, callee: Number.POSITIVE_INFINITY };
  for (const { turn, file, at } of found) {
    const [own, other] = [placeOf(turn.speaker, file), placeOf(turn.speaker === 'caller' ? 'callee' : 'caller', file)];
    const level = (place: Place | undefined) => {
      // A channel that no track names is looked for in vain, and the check fails.
      const samples = place && files[place.file]?.channels[place.channel]?.samples;
      // Files of one part begin one after the other.
      const from = at + Math.round((((own?.offsetMs ?? 0) - (place?.offsetMs ?? 0)) * VOICE_RATE) / 1000);
      return rmsLevel(
        samples?.subarray(Math.max(0, from), Math.max(0, from + turn.samples.length)) ?? new Int16Array(0),
      );
    };
    least[turn.speaker] = Math.min(least[turn.speaker], level(own) - level(other));
  }
  return {
    name: 'channels-apart',
    claim: `While one speaks, the other's channel is at least ${LEAST_APART_DB} dB quieter.`,
    passed: least.caller >= LEAST_APART_DB && least.callee >= LEAST_APART_DB,
    measured: {
      caller: inWords(placeOf('caller', 0)),
      callee: inWords(placeOf('callee', 0)),
      callerApartDb: rounded(least.caller),
      calleeApartDb: rounded(least.callee),
      limitDb: LEAST_APART_DB,
    },
  };
}

function inWords(place: Place | undefined): string {
  return place === undefined ? 'nowhere' : `file ${place.file + 1}, channel ${place.channel}`;
}

/** The place in all files that resembles a clip most. */
export function best<T>(
  files: readonly RecordedFile[],
  clip: Int16Array,
  describe: (match: Match, file: number, channel: number) => T,
): T {
  let likest: { readonly match: Match; readonly file: number; readonly channel: number } | undefined;
  for (const [file, { channels }] of files.entries()) {
    for (const [channel, { filter }] of channels.entries()) {
      const match = filter.find(clip);
      if (!likest || match.likeness > likest.match.likeness) likest = { match, file, channel };
    }
  }
  return likest ? describe(likest.match, likest.file, likest.channel) : describe({ at: 0, likeness: 0 }, 0, 0);
}
