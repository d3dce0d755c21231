import type { PauseInterval, Precision } from '../session/snapshot.ts';

/** A stretch of wall time that one file holds without a cut, in epoch milliseconds; `to` is infinite while it lasts. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Milliseconds into the file where it begins. */
  readonly mediaFrom: number;
  readonly silent: boolean;
  readonly precision: Precision;
}

const exactness: readonly Precision[] = ['provider', 'confirmed', 'requested'];

/** The less exact of two. */
export function worse(left: Precision, right: Precision): Precision {
  return exactness.indexOf(left) > exactness.indexOf(right) ? left : right;
}

interface Cut {
  readonly from: number;
  readonly to: number;
  readonly silent: boolean;
  readonly precision: Precision;
}

/** What a part captured, between and, where they take media time, within its pauses. */
export function spansOf(
  part: { readonly from: number; readonly to: number; readonly precision: Precision },
  pauses: readonly PauseInterval[],
): readonly Span[] {
  const spans: Span[] = [];
  let at = part.from;
  let mediaFrom = 0;
  let { precision } = part;
  const add = (to: number, silent: boolean) => {
    if (to <= at) return;
    spans.push({ from: at, to, mediaFrom, silent, precision });
    mediaFrom += to - at;
    at = to;
  };
  for (const cut of cutsOf(part, pauses)) {
    add(cut.from, false);
    if (cut.silent) {
      add(cut.to, true);
      continue;
    }
    at = Math.max(at, cut.to);
    precision = worse(precision, cut.precision);
  }
  add(part.to, false);
  return spans;
}

/** Pauses within the part, in order, each beginning where the one before it ended at the earliest. */
function cutsOf(
  part: { readonly from: number; readonly to: number },
  pauses: readonly PauseInterval[],
): readonly Cut[] {
  let reached = part.from;
  return pauses
    .map((pause) => ({ ...pause, start: Date.parse(pause.from) }))
    .sort((left, right) => left.start - right.start)
    .flatMap(({ start, to, effect, precision }): readonly Cut[] => {
      const from = Math.max(start, reached);
      const end = Math.min(to === undefined ? part.to : Date.parse(to), part.to);
      if (end <= from) return [];
      reached = end;
      return [{ from, to: end, silent: effect === 'silence', precision }];
    });
}
