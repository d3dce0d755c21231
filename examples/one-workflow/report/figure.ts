import type { Run } from '../cloud/run-provider.ts';
import type { WallSpan } from '../cloud/scene.ts';
import type { Measured } from '../measure/measure-run.ts';
import { mediaOf } from '../measure/measure-run.ts';
import { speakerOf } from '../measure/places.ts';
import { mediaAt } from '../measure/time-checks.ts';
import { type Speaker, speakers } from '../speech/script.ts';
import { escaped } from './escape.ts';
import { GUTTER, px, type Scale, scaleOf, seconds, WIDTH } from './scale.ts';
import { channelMs, waveform } from './waveform.ts';

const LANE = 24;
const CHANNEL = 68;

/** One recording, told twice: above what happened, by the wall clock; below what is in the files, by their own time. */
export function figure(run: Run, { files }: Measured): string {
  const { spoken, capture } = run;
  const moments = [
    ...spoken.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]),
    ...capture.files.flat().flatMap(({ from, to }) => [from, to]),
  ];
  const scale = scaleOf(Math.min(...moments) - 200, Math.max(...moments) + 300);
  const parts: string[] = [];
  let y = 18;
  parts.push(axis(scale, GUTTER, scale.x(scale.toMs), y, 'wall time', 'above'));
  y += 8;
  for (const speaker of speakers) {
    parts.push(label(speaker, y + LANE / 2));
    for (const turn of spoken.filter((each) => each.speaker === speaker)) {
      const [x, width] = [scale.x(turn.startedAt), scale.width(turn.endedAt - turn.startedAt)];
      const text = turn.card ? 'card number' : (turn.text ?? '');
      parts.push(
        `<g class="turn ${turn.card ? 'card' : speaker}"><title>${escaped(turn.text ?? speaker)}</title>` +
          `<rect x="${px(x)}" y="${px(y + 2)}" width="${px(width)}" height="${LANE - 4}" rx="4"/>` +
          `<text x="${px(x + 6)}" y="${px(y + LANE / 2 + 4)}">${escaped(fitting(text, width - 10))}</text></g>`,
      );
    }
    y += LANE;
  }
  parts.push(label('captured', y + LANE / 2));
  const captured = capture.files.filter((_, index) => leadsPart(files, index)).flat();
  for (const span of captured) parts.push(bar('captured', scale, span, y));
  for (const span of pausesOf(run, captured)) parts.push(bar('paused', scale, span, y), pauseText(scale, span, y));
  // The pause as the session knows it, beside what the provider did.
  for (const { from, to } of run.record.snapshot.pauses) {
    parts.push(...[from, ...(to ? [to] : [])].map((time) => seam(scale.x(Date.parse(time)), 18, y + LANE - 5)));
  }
  const captureBottom = y + LANE - 5;
  y += LANE + 30;
  const top = y;
  const rows = Math.max(1, ...files.map((file, index) => rowOf(files, index) + file.channels.length));
  const bottom = top + rows * CHANNEL;
  for (const [index, file] of files.entries()) {
    const spans = capture.files[index] ?? [];
    const left = scale.x(spans[0]?.from ?? scale.fromMs);
    const leads = leadsPart(files, index);
    if (leads) parts.push(...spans.map((span) => connector(scale, span, spans, left, captureBottom, top)));
    for (const [channel, { samples }] of file.channels.entries()) {
      const middle = top + (rowOf(files, index) + channel) * CHANNEL + CHANNEL / 2;
      const owner = ownerOf(run, index, channel);
      const width = scale.width(channelMs(samples));
      if (file.partId === files[0]?.partId) {
        parts.push(label(owner ?? 'both', middle), hint(placeText(files, index, channel), middle + 13));
      }
      parts.push(
        `<rect class="channel" x="${px(left)}" y="${px(middle - CHANNEL / 2 + 2)}" width="${px(width)}" height="${CHANNEL - 4}"/>`,
        `<path class="wave ${owner ?? 'both'}" d="${waveform(samples, left, middle, CHANNEL - 10, width)}"/>`,
      );
    }
    if (!leads) continue;
    parts.push(...marks(run, spans, scale, left, top, bottom));
    parts.push(axis(scale, left, left + scale.width(file.durationMs), bottom + 6, 'file time', 'below'));
  }
  const height = top + rows * CHANNEL + 44;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Waveforms of the recording on ${escaped(run.provider)}">${parts.join('')}</svg>`;
}

/** Files of one part lie below each other, and share what is drawn of the first of them. */
function leadsPart(files: Measured['files'], index: number): boolean {
  return files.findIndex(({ partId }) => partId === files[index]?.partId) === index;
}

/** Channels of the same part that lie above this file. */
function rowOf(files: Measured['files'], index: number): number {
  const above = files.slice(0, index).filter(({ partId }) => partId === files[index]?.partId);
  return above.reduce((sum, { channels }) => sum + channels.length, 0);
}

function placeText(files: Measured['files'], index: number, channel: number): string {
  const part = files.filter(({ partId }) => partId === files[index]?.partId);
  const above = files.slice(0, index).filter(({ partId }) => partId === files[index]?.partId);
  return part.length === 1 ? `channel ${channel}` : `file ${above.length + 1}`;
}

/** When nothing was captured, although the recording had begun and had not ended; the provider's own times. */
function pausesOf({ capture }: Run, captured: readonly WallSpan[]): readonly WallSpan[] {
  const gaps = captured.slice(1).map(({ from }, index) => ({ from: captured[index]?.to ?? from, to: from }));
  return [...gaps, ...capture.silenced];
}

function ownerOf(run: Run, file: number, channel: number): Speaker | undefined {
  const track = mediaOf(run.record.snapshot.artifacts)[file]?.tracks.find((each) => (each.channel ?? 0) === channel);
  return track && speakerOf(track);
}

function bar(kind: string, scale: Scale, { from, to }: WallSpan, y: number): string {
  return `<rect class="${kind}" x="${px(scale.x(from))}" y="${px(y + 5)}" width="${px(scale.width(to - from))}" height="${LANE - 10}"/>`;
}

function pauseText(scale: Scale, { from, to }: WallSpan, y: number): string {
  const x = (scale.x(from) + scale.x(to)) / 2;
  return `<text class="note" x="${px(x)}" y="${px(y + LANE / 2 + 4)}" text-anchor="middle">paused ${seconds(to - from)}</text>`;
}

/** Where a stretch of wall time went in the file. */
function connector(
  scale: Scale,
  span: WallSpan,
  spans: readonly WallSpan[],
  left: number,
  fromY: number,
  toY: number,
): string {
  const at = (wall: number) => left + scale.width(mediaAt(spans, wall));
  const [a, b, c, d] = [scale.x(span.from), scale.x(span.to), at(span.to), at(span.from)];
  return `<path class="link" d="M${px(a)} ${px(fromY)}L${px(b)} ${px(fromY)}L${px(c)} ${px(toY)}L${px(d)} ${px(toY)}Z"/>`;
}

/** The pause in the file: a seam where it was cut out, a stretch where there is silence instead. */
function marks(
  { capture }: Run,
  spans: readonly WallSpan[],
  scale: Scale,
  left: number,
  top: number,
  bottom: number,
): readonly string[] {
  const at = (wall: number) => left + scale.width(mediaAt(spans, wall));
  const seams = spans.slice(1).map(({ from }, index) => {
    const x = at(from);
    const cut = seconds(from - (spans[index]?.to ?? from));
    return `${seam(x, top, bottom + 6)}<text class="note" x="${px(x + 6)}" y="${px(top + 14)}">${cut} cut out</text>`;
  });
  const silences = capture.silenced
    .filter(({ from }) => spans.some((span) => from >= span.from && from < span.to))
    .map(({ from, to }) => {
      const [x, width] = [at(from), scale.width(to - from)];
      return (
        `${seam(x, top, bottom + 6)}${seam(x + width, top, bottom + 6)}<rect class="silence" x="${px(x)}" y="${px(top + 2)}" width="${px(width)}" height="${px(bottom - top - 4)}"/>` +
        `<text class="note" x="${px(x + width / 2)}" y="${px(top + 14)}" text-anchor="middle">silence in the file, ${seconds(to - from)}</text>`
      );
    });
  return [...seams, ...silences];
}

function seam(x: number, top: number, bottom: number): string {
  return `<line class="seam" x1="${px(x)}" x2="${px(x)}" y1="${px(top)}" y2="${px(bottom)}"/>`;
}

function axis(scale: Scale, left: number, right: number, y: number, name: string, side: 'above' | 'below'): string {
  const step = scale.toMs - scale.fromMs > 24_000 ? 5_000 : 2_000;
  const [textY, tickY] = side === 'above' ? [y - 6, y + 4] : [y + 16, y + 4];
  const ticks: string[] = [];
  for (let ms = 0; left + scale.width(ms) <= right + 0.5; ms += step) {
    const x = px(left + scale.width(ms));
    ticks.push(
      `<line x1="${x}" x2="${x}" y1="${px(y)}" y2="${px(tickY)}"/><text x="${x}" y="${px(textY)}" text-anchor="middle">${ms / 1000}</text>`,
    );
  }
  const titleY = side === 'above' ? y - 6 : y + 29;
  const title =
    side === 'above'
      ? `<text x="0" y="${px(titleY)}">${name}, s</text>`
      : `<text x="${px(left)}" y="${px(titleY)}">${name}, s</text>`;
  return `<g class="axis"><line x1="${px(left)}" x2="${px(right)}" y1="${px(y)}" y2="${px(y)}"/>${ticks.join('')}${title}</g>`;
}

function label(text: string, y: number): string {
  return `<text class="label" x="0" y="${px(y + 4)}">${escaped(text)}</text>`;
}

function hint(text: string, y: number): string {
  return `<text class="hint" x="0" y="${px(y + 4)}">${escaped(text)}</text>`;
}

/** As much of a text as a box of this width holds. */
function fitting(text: string, width: number): string {
  const most = Math.floor(width / 6.6);
  if (text.length <= most) return text;
  return most < 4 ? '' : `${text.slice(0, most - 1).trimEnd()}…`;
}
