import { type PauseSighting, timestamp } from '@onrecord/core';

/** A pause in epoch milliseconds. */
export interface Pause {
  readonly from: number;
  readonly durationMs: number;
}

const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);
const longestMs = 366 * 24 * 3_600_000;

/** The moment, if it lies in this century. The service writes seven digits of a second. */
export function instantIn(text: string | undefined): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return at >= earliest && at < latest ? at : undefined;
}

/** A length of time that a recording can have: what is longer would end at no time that can be written. */
export function sensibleMs(ms: number | undefined): number | undefined {
  return ms !== undefined && ms <= longestMs ? Math.round(ms) : undefined;
}

/** The same time without sound, in order, no moment twice: chunks may tell of a pause that both of them touch. */
export function mergedPauses(pauses: readonly Pause[]): readonly PauseSighting[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, durationMs } of pauses.toSorted((left, right) => left.from - right.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, from + durationMs);
    else merged.push({ from, to: from + durationMs });
  }
  return merged.map(({ from, to }) => ({ from: timestamp(from), durationMs: to - from }));
}
