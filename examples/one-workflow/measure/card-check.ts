import { rmsLevel } from '@onrecord/core/media';
import { VOICE_RATE } from '@onrecord/simulator';
import type { Turn } from '../speech/script.ts';
import { type Check, rounded } from './check.ts';
import { MatchedFilter } from './matched-filter.ts';
import type { RecordedFile } from './recorded-file.ts';
import { best, HEARD } from './speech-checks.ts';

/** The card number is looked for in pieces of half a second: about one digit each. */
const PIECE = VOICE_RATE / 2;
const AUDIBLE_DBFS = -40;
/** Likeness below which a piece counts as not heard, whatever the voice. */
const NOT_HEARD = 0.5;
/** A piece may be as like to the recording as it is to the other turns by itself, and a codec's worth more. */
const CODEC = 0.1;
/** A piece that is like other turns to this degree proves nothing, wherever it is found. */
const USELESS = 0.7;

/**
 * No piece of the card number is in any channel of any file. Words of one voice resemble each other, so each piece is
 * measured against the other turns as they were said as well; and the same search has to find every piece of those
 * turns in the files, so that it is known to be able to.
 */
export function cardAbsent(files: readonly RecordedFile[], turns: readonly Turn[]): Check {
  const likeness = (piece: Int16Array) => best(files, piece, (match) => match.likeness);
  const others = turns.filter(({ card }) => !card);
  const said = new MatchedFilter(joined(others.map(({ samples }) => samples)));
  const pieces = turns.filter(({ card }) => card).flatMap(({ samples }) => piecesOf(samples));
  const judged = pieces
    .map((piece) => ({ piece, natural: said.find(piece).likeness }))
    .filter(({ natural }) => natural < USELESS)
    .map(({ piece, natural }) => ({ natural, found: likeness(piece) }));
  const beyond = judged.filter(({ natural, found }) => found >= Math.max(NOT_HEARD, natural + CODEC));
  const control = Math.min(...others.flatMap(({ samples }) => piecesOf(samples).map(likeness)));
  return {
    name: 'card-absent',
    claim: 'No half second of the card number is in any file; every half second of the other turns is.',
    passed: 2 * judged.length >= pieces.length && judged.length > 0 && beyond.length === 0 && control >= HEARD,
    measured: {
      cardPieces: pieces.length,
      judged: judged.length,
      heard: beyond.length,
      cardLikeness: rounded(Math.max(0, ...judged.map(({ found }) => found)), 3),
      naturalLikeness: rounded(Math.max(0, ...judged.map(({ natural }) => natural)), 3),
      cardLimit: NOT_HEARD,
      controlLikeness: rounded(control, 3),
      controlLimit: HEARD,
    },
  };
}

/** Overlapping pieces, without those in which hardly anything sounds. */
function piecesOf(samples: Int16Array): readonly Int16Array[] {
  const pieces: Int16Array[] = [];
  for (let from = 0; from + PIECE <= samples.length; from += PIECE / 2) {
    const piece = samples.subarray(from, from + PIECE);
    if (rmsLevel(piece) > AUDIBLE_DBFS) pieces.push(piece);
  }
  return pieces.length > 0 ? pieces : [samples];
}

/** One after the other, with a piece of silence between. */
function joined(clips: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(clips.reduce((sum, { length }) => sum + length + PIECE, 0));
  let at = 0;
  for (const clip of clips) {
    out.set(clip, at);
    at += clip.length + PIECE;
  }
  return out;
}
