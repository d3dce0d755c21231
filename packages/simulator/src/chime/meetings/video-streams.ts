import type { Clock } from '@onrecord/core';

/** A time in which a stream showed something; `to` is undefined while it goes on. Epoch ms. */
interface Shown {
  readonly from: number;
  to: number | undefined;
}

/** A piece of a stream within a chunk. Epoch ms. */
export interface VideoSpan {
  /** The attendee, with `#content` behind for what they share. */
  readonly stream: string;
  readonly from: number;
  readonly to: number;
}

/** When which camera or content share was on. */
export class VideoStreams {
  readonly #clock: Clock;
  readonly #shown = new Map<string, Shown[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Streams that are on now. */
  get on(): readonly string[] {
    return [...this.#shown].filter(([, shown]) => shown.at(-1)?.to === undefined).map(([stream]) => stream);
  }

  /** @returns false when it is on already */
  start(stream: string): boolean {
    if (this.on.includes(stream)) return false;
    this.#shown.set(stream, [...(this.#shown.get(stream) ?? []), { from: this.#clock.now(), to: undefined }]);
    return true;
  }

  /** @returns false when it is off already */
  stop(stream: string): boolean {
    const last = this.#shown.get(stream)?.at(-1);
    if (last === undefined || last.to !== undefined) return false;
    last.to = this.#clock.now();
    return true;
  }

  /** What was shown between two times, in the order of its beginning. */
  between(from: number, to: number): readonly VideoSpan[] {
    return [...this.#shown]
      .flatMap(([stream, shown]) =>
        shown.map((one) => ({ stream, from: Math.max(from, one.from), to: Math.min(to, one.to ?? to) })),
      )
      .filter((span) => span.to > span.from)
      .sort((left, right) => left.from - right.from);
  }
}
