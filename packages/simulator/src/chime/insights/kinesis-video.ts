import { randomUUID } from 'node:crypto';
import type { VirtualCall } from '../../call/virtual-call.ts';
import type { ChimeEnvironment } from '../environment.ts';

/** What is written into a stream: one voice of a call, from now until {@link KvsStream.end}. */
export interface KvsSource {
  readonly call: VirtualCall;
  /** Name of the participant. */
  readonly voice: string;
  /** Before the random part of the stream's name. @default 'ChimeProducer' */
  readonly prefix?: string | undefined;
}

/** A Kinesis video stream with one voice, 8 kHz signed 16-bit PCM: its fragments are as real as the call. */
export class KvsStream {
  readonly arn: string;
  readonly voice: string;
  readonly call: VirtualCall;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly startFragmentNumber: string;
  /** Resolves when no fragment follows any more. */
  readonly ended: Promise<void>;
  #endedAt: number | undefined;
  #end: () => void = () => {};

  constructor({ clock, accountId, region }: ChimeEnvironment, source: KvsSource) {
    this.call = source.call;
    this.voice = source.voice;
    this.startedAt = clock.now();
    const name = `${source.prefix ?? 'ChimeProducer'}-${randomUUID()}`;
    this.arn = `arn:aws:kinesisvideo:${region}:${accountId}:stream/${name}/${this.startedAt}`;
    // Decimal numbers beyond 2^53, as the service gives them.
    this.startFragmentNumber = `9134385233318145743${this.startedAt}0000000001`;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** The producer stops. */
  end(): void {
    this.#endedAt ??= this.call.clock.now();
    this.#end();
  }

  /** What the stream holds between two moments, silence where nothing was written. */
  samples(fromMs: number, toMs: number): Int16Array {
    return this.call.render([this.voice], fromMs, Math.max(fromMs, Math.min(toMs, this.#endedAt ?? toMs)));
  }
}

/** The Kinesis video streams of one account and region, as far as call analytics reads them. */
export class KinesisVideo {
  readonly #environment: ChimeEnvironment;
  readonly #streams = new Map<string, KvsStream>();

  constructor(environment: ChimeEnvironment) {
    this.#environment = environment;
  }

  publish(source: KvsSource): KvsStream {
    const stream = new KvsStream(this.#environment, source);
    this.#streams.set(stream.arn, stream);
    return stream;
  }

  find(arn: string): KvsStream | undefined {
    return this.#streams.get(arn);
  }
}
