import { rmsLevel } from '@onrecord/core/media';
import type { Speaker, Turn } from '../speech/script.ts';
import { type Check, rounded } from './check.ts';
import type { Match } from './matched-filter.ts';
import type { RecordedFile } from './recorded-file.ts';

/** A turn as it was found in the files. */
export interface FoundTurn extends Match {
  readonly turn: Turn;
  readonly file: number;
  readonly channel: number;
}

/** On which channel of every file a speaker is alone; undefined where the layout does not separate them. */
export type ChannelOf = (speaker: Speaker) => number | undefined;

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

/** Every turn but the card number is in the recording, on its own channel where there is one. */
export function turnsPresent(found: readonly FoundTurn[], channelOf: ChannelOf): Check {
  const astray = found.filter(({ turn, channel }) => (channelOf(turn.speaker) ?? channel) !== channel);
  const least = Math.min(...found.map(({ likeness }) => likeness));
  return {
    name: 'turns-present',
    claim: 'Everything that was said outside the pause is in the recording, on the channel of who said it.',
    passed: least >= HEARD && astray.length === 0,
    measured: { turns: found.length, astray: astray.length, leastLikeness: rounded(least, 3), limit: HEARD },
  };
}

/** While only one speaks, the other's channel is quiet. Undefined where there is only one channel. */
export function channelsApart(
  files: readonly RecordedFile[],
  found: readonly FoundTurn[],
  channelOf: ChannelOf,
): Check | undefined {
  if (files.every((file) => file.channels.length < 2)) return undefined;
  // A channel that no track names is looked for in vain, and the check fails.
  const [caller, callee] = [channelOf('caller') ?? -1, channelOf('callee') ?? -1];
  const least: Record<Speaker, number> = { caller: Number.POSITIVE_INFINITY, callee: Number.POSITIVE_INFINITY };
  for (const { turn, file, at } of found) {
    const level = (channel: number) =>
      rmsLevel(files[file]?.channels[channel]?.samples.subarray(at, at + turn.samples.length) ?? new Int16Array(0));
    const [own, other] = turn.speaker === 'caller' ? [caller, callee] : [callee, caller];
    least[turn.speaker] = Math.min(least[turn.speaker], level(own) - level(other));
  }
  return {
    name: 'channels-apart',
    claim: `While one speaks, the other's channel is at least ${LEAST_APART_DB} dB quieter.`,
    passed: least.caller >= LEAST_APART_DB && least.callee >= LEAST_APART_DB,
    measured: {
      callerChannel: caller,
      calleeChannel: callee,
      callerApartDb: rounded(least.caller),
      calleeApartDb: rounded(least.callee),
      limitDb: LEAST_APART_DB,
    },
  };
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
