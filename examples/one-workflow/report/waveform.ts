import { VOICE_RATE } from '@onrecord/simulator';
import { px } from './scale.ts';

/** Speech rarely peaks above this share of full scale; higher peaks are cut at the edge of the drawing. */
const TOP = 0.6 * 32_768;

/** The outline of a channel: the highest and the lowest sample of each column, one unit wide. */
export function waveform(samples: Int16Array, left: number, middle: number, height: number, width: number): string {
  const columns = Math.max(1, Math.round(width));
  const perColumn = samples.length / columns;
  const y = (sample: number) => middle - (Math.max(-1, Math.min(1, sample / TOP)) * height) / 2;
  const upper: string[] = [];
  const lower: string[] = [];
  for (let column = 0; column < columns; column++) {
    let [high, low] = [0, 0];
    const end = Math.min(samples.length, Math.floor((column + 1) * perColumn));
    for (let index = Math.floor(column * perColumn); index < end; index++) {
      const sample = samples[index] ?? 0;
      if (sample > high) high = sample;
      if (sample < low) low = sample;
    }
    const x = left + (column * width) / columns;
    upper.push(`${px(x)},${px(y(high) - 0.4)}`);
    lower.unshift(`${px(x)},${px(y(low) + 0.4)}`);
  }
  return `M${upper.join('L')}L${lower.join('L')}Z`;
}

/** Length of a channel in ms. */
export function channelMs(samples: Int16Array): number {
  return (samples.length * 1000) / VOICE_RATE;
}
