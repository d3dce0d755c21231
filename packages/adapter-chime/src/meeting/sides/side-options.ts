import type { Secret } from '@onrecord/core';
import type { CompositedVideo } from '../capture/composited-video.ts';

/** Where and how a meeting is shown live. Always sent whole: the service's own defaults differ from page to page. */
export interface ChimeLiveOutput {
  /**
   * Address of the RTMP server with the stream key: `rtmps://…`, at most 1,024 characters. A secret: it stays in the
   * configuration, and starts name the output instead.
   */
  readonly url: string | Secret;
  /** The picture. Default `composited` with {@link compositedVideo}, else `active-speaker`. */
  readonly mux?: 'composited' | 'active-speaker' | undefined;
  /** The grid of `mux: 'composited'`. Default HD, and only the presenter beside what is shared. */
  readonly compositedVideo?: CompositedVideo | undefined;
  /** Audio channels. Default 2. */
  readonly channels?: 1 | 2 | undefined;
  /** Default 48000. */
  readonly sampleRateHz?: 44_100 | 48_000 | undefined;
  /** Whether `rtmp:`, which everybody on the way can read, is let pass. Default false. */
  readonly allowRtmp?: boolean | undefined;
}

/** Which voices go into Kinesis video streams, and into whose. */
export interface ChimeStreamOutput {
  readonly [member: string]: string | number | undefined;
  /** Name of a pool in the control region, as {@link chimeStreamPools} makes it. */
  readonly pool: string;
  /** All voices in one stream, or one stream for each attendee. */
  readonly type: 'mixed' | 'individual';
  /**
   * How many attendees get a stream: 1 to 10; always 1 for `mixed`. Default 1 for `mixed` and 10 for `individual`.
   */
  readonly reservedCapacity?: number | undefined;
}

/** What goes elsewhere while a meeting is recorded. Part of the options of a single start. */
export interface ChimeSides {
  /** Name of a live output in `sides.live` of the driver's options; false for none. */
  readonly live?: string | false | undefined;
  /** One output, or two of different type; false for none. */
  readonly streams?: ChimeStreamOutput | readonly ChimeStreamOutput[] | false | undefined;
}

/**
 * The side outputs of a driver. The service lets a meeting have one live output and one pipeline of streams at a time. A
 * pause ends them, and a resume begins them anew; they end with their recording.
 */
export interface ChimeSidesOptions {
  /** Live outputs by name. */
  readonly live?: { readonly [name: string]: ChimeLiveOutput } | undefined;
  /** What every recording gets whose start says nothing else. */
  readonly always?: ChimeSides | undefined;
}
