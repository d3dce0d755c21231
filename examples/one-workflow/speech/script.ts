import { OnRecordError } from '@onrecord/core';
import { VOICE_RATE } from '@onrecord/simulator';
import { findTurns } from './find-turns.ts';
import speech from './speech.json' with { type: 'json' };
import { readVoice } from './voice.ts';

export const speakers = ['caller', 'callee'] as const;
export type Speaker = (typeof speakers)[number];

/** One thing that is said in one go. */
export interface Turn {
  readonly speaker: Speaker;
  /** As written; absent for voices of your own. */
  readonly text?: string | undefined;
  /** The caller reads out the card number. */
  readonly card: boolean;
  /** 8 kHz. */
  readonly samples: Int16Array;
  /** Silence before it, in ms. */
  readonly gapMs: number;
}

/** The demo as a whole has to end within a minute, whatever the providers add. */
const LONGEST_MS = 30_000;

/** Nobody waits longer than this for an answer, whatever the files say. */
const LONGEST_GAP_MS = 400;

/**
 * Who says what, in order. Both files share one time axis, so the turns of your own files are said in the order in
 * which they begin; the last thing that the caller says is taken for the card number.
 *
 * @throws OnRecordError for files that are no WAV, or that hold no such conversation.
 */
export async function readScript(files: Readonly<Partial<Record<Speaker, string>>> = {}): Promise<readonly Turn[]> {
  const [caller, callee] = await Promise.all(
    speakers.map((name) => readVoice(files[name] ?? new URL(`${name}.wav`, import.meta.url).pathname)),
  );
  const voices = { caller: caller!, callee: callee! };
  const own = files.caller !== undefined || files.callee !== undefined;
  const planned = own
    ? speakers.flatMap((speaker) => findTurns(voices[speaker]).map((span) => ({ ...span, speaker, text: undefined })))
    : speech.turns.map(({ speaker, fromMs, toMs, text }) => ({ speaker: speaker as Speaker, fromMs, toMs, text }));
  const ordered = planned.toSorted((left, right) => left.fromMs - right.fromMs);
  const card = ordered.findLast(({ speaker }) => speaker === 'caller');
  let end = 0;
  const turns = ordered.map((each): Turn => {
    const gapMs = Math.min(LONGEST_GAP_MS, Math.max(100, each.fromMs - end));
    end = each.toMs;
    const samples = voices[each.speaker].subarray((each.fromMs * VOICE_RATE) / 1000, (each.toMs * VOICE_RATE) / 1000);
    return { speaker: each.speaker, text: each.text, card: each === card, samples, gapMs };
  });
  checkScript(turns);
  return turns;
}

function checkScript(turns: readonly Turn[]): void {
  const at = turns.findIndex(({ card }) => card);
  const before = turns.slice(0, Math.max(0, at));
  const problems = [
    ...(at < 0 ? ['the caller says nothing'] : []),
    ...speakers
      .filter((name) => at >= 0 && !before.some(({ speaker }) => speaker === name))
      .map((name) => `the ${name} says nothing before the card number`),
    ...(lengthMs(turns) > LONGEST_MS ? [`it takes ${Math.round(lengthMs(turns))} ms of at most ${LONGEST_MS}`] : []),
  ];
  if (problems.length === 0) return;
  throw new OnRecordError('invalid-request', `These voices make no conversation: ${problems.join('; ')}.`, {
    remedy:
      'Both files share one time axis. Let each speak once or more, with pauses of a second between turns; the last turn of the caller is the card number.',
  });
}

export function turnMs({ samples }: Pick<Turn, 'samples'>): number {
  return (samples.length * 1000) / VOICE_RATE;
}

export function lengthMs(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + turn.gapMs + turnMs(turn), 0);
}
