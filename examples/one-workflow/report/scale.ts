/** Width of every figure, in its own units, and what of it belongs to the labels at the left. */
export const WIDTH = 1000;
export const GUTTER = 92;

/** Where a wall time lies in a figure. All rows of a figure have the same scale, so that what was cut out is missing. */
export interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  /** Units of the figure for so many milliseconds. */
  width(ms: number): number;
  /** Place of a wall time, epoch ms. */
  x(wallMs: number): number;
}

export function scaleOf(fromMs: number, toMs: number): Scale {
  const perMs = (WIDTH - GUTTER - 12) / Math.max(1, toMs - fromMs);
  return {
    fromMs,
    toMs,
    width: (ms) => ms * perMs,
    x: (wallMs) => GUTTER + (wallMs - fromMs) * perMs,
  };
}

/** A number as SVG needs it, without noise behind the point. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function seconds(ms: number, digits = 1): string {
  return `${(ms / 1000).toFixed(digits)} s`;
}
