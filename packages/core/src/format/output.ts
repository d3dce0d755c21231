export type Media = 'audio' | 'audio-video';

/**
 * How voices lie in channels, as a guarantee.
 * - `mixed`: all voices in one channel.
 * - `separate`: the reference participant shares a channel with nobody. Left and right never mean agent and customer.
 * - `per-participant`: each known participant alone.
 * - `incoming` / `outgoing`: what comes from, or goes to, the recorded leg.
 */
export type Layout = 'mixed' | 'separate' | 'per-participant' | 'incoming' | 'outgoing';

export type Container = 'wav' | 'mp3' | 'mp4' | 'ogg';

/** A combination that a provider can deliver, or that a program asks for. */
export interface Output {
  readonly media: Media;
  readonly layout: Layout;
  readonly container: Container;
}

/** What a finished file holds, as read from the file. */
export interface Format {
  readonly container: Container;
  /** As the file names it, e.g. `pcm_s16le`, `opus`, `aac`. Probe it; never derive it from the container. */
  readonly codec?: string | undefined;
  readonly sampleRateHz?: number | undefined;
  readonly channels?: number | undefined;
}

/** `audio/separate/wav`: the one spelling of an output in messages, tables and reports. */
export function formatOutput(output: Output): string {
  return `${output.media}/${output.layout}/${output.container}`;
}

export function sameOutput(left: Output, right: Output): boolean {
  return left.media === right.media && left.layout === right.layout && left.container === right.container;
}
