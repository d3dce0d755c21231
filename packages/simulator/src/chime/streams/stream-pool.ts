import { randomUUID } from 'node:crypto';
import { type ChimeEnvironment, originNow } from '../environment.ts';
import { poolEvent } from '../events/event-bridge-event.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { KinesisVideoStream, StreamSession } from './kinesis-video-stream.ts';
import type { ResolvedStreamOptions } from './stream-options.ts';

export type PoolStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'FAILED';

/** Something that writes into streams of a pool until it resolves. */
interface User {
  readonly over: boolean;
  readonly finished: Promise<void>;
}

interface OwnStream {
  readonly name: string;
  readonly arn: string;
  /** Ids of the pipelines that write into it. */
  readonly taken: Set<string>;
  readonly sessions: StreamSession[];
}

/**
 * A pool of Kinesis video streams, which media stream pipelines write into. Everything about it takes time and is told by
 * an event; a pool that is deleted lives until the last pipeline that uses it is over. Its streams stay: they are the
 * account's own.
 */
export class StreamPool {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  readonly #environment: ChimeEnvironment;
  readonly #options: ResolvedStreamOptions;
  readonly #createdAt: number;
  readonly #users = new Set<User>();
  readonly #streams: OwnStream[] = [];
  #updatedAt: number;
  #retentionHours: number;
  #status: PoolStatus = 'CREATING';
  #size: number | undefined;
  #gone = false;

  constructor(
    description: { readonly name: string; readonly region: string; readonly retentionHours: number | undefined },
    environment: ChimeEnvironment,
    options: ResolvedStreamOptions,
  ) {
    this.name = description.name;
    this.region = description.region;
    this.id = `ChimeMediaPipelines-${this.name}-${randomUUID()}`;
    const { region, accountId, clock } = environment;
    this.arn = `arn:aws:chime:${region}:${accountId}:media-pipeline-kinesis-video-stream-pool/${this.name}`;
    this.#environment = environment;
    this.#options = options;
    this.#retentionHours = description.retentionHours ?? options.defaultRetentionHours;
    this.#createdAt = clock.now();
    this.#updatedAt = this.#createdAt;
    this.#become('ACTIVE', options.poolCreatingMs, 'Active');
  }

  get status(): PoolStatus {
    return this.#status;
  }

  /** Deleted for good: the API knows it no more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Hours. */
  get retentionHours(): number {
    return this.#retentionHours;
  }

  /** Every stream that was ever taken from it. */
  get streams(): readonly KinesisVideoStream[] {
    const { name: poolName, retentionHours } = this;
    return this.#streams.map(({ name, arn, sessions }) => ({
      name,
      arn,
      poolName,
      retentionHours,
      sessions: [...sessions],
    }));
  }

  /** As the API prints it. */
  describe(): object {
    return {
      PoolArn: this.arn,
      PoolName: this.name,
      PoolId: this.id,
      PoolStatus: this.#status,
      ...(this.#size === undefined ? {} : { PoolSize: Math.max(this.#size, this.#streams.length) }),
      StreamConfiguration: { Region: this.region, DataRetentionInHours: this.#retentionHours },
      CreatedTimestamp: new Date(this.#createdAt).toISOString(),
      UpdatedTimestamp: new Date(this.#updatedAt).toISOString(),
    };
  }

  /** @throws ServiceError `Conflict` unless it is ACTIVE */
  update(retentionHours: number | undefined): void {
    if (this.#status !== 'ACTIVE') throw this.#conflict();
    this.#retentionHours = retentionHours ?? this.#retentionHours;
    this.#status = 'UPDATING';
    this.#updatedAt = this.#environment.clock.now();
    this.#become('ACTIVE', this.#options.poolUpdatingMs, 'Updated');
  }

  /** @throws ServiceError `Conflict` while it is being created, updated or deleted */
  delete(): void {
    if (this.#status !== 'ACTIVE' && this.#status !== 'FAILED') throw this.#conflict();
    this.#status = 'DELETING';
    this.#updatedAt = this.#environment.clock.now();
    const idle = Promise.all([...this.#users].filter(({ over }) => !over).map(({ finished }) => finished));
    this.#quietly(async () => {
      await idle;
      await this.#wait(this.#options.poolDeletingMs);
      this.#gone = true;
      this.#tell('Deleted');
    });
  }

  /** A pipeline begins to write into it. */
  use(user: User): void {
    this.#users.add(user);
  }

  /** A stream for a pipeline's own use for its whole life: a free one, or one more. */
  take(pipelineId: string): { readonly arn: string; readonly sessions: StreamSession[] } {
    const free = this.#streams.find(({ taken }) => taken.size === 0);
    const stream = free ?? this.#add();
    stream.taken.add(pipelineId);
    return stream;
  }

  /** The pipeline is over: its streams are free. */
  release(pipelineId: string): void {
    for (const { taken } of this.#streams) taken.delete(pipelineId);
  }

  #add(): OwnStream {
    const { clock, accountId } = this.#environment;
    const name = `${this.id}-${this.#streams.length}`;
    const arn = `arn:aws:kinesisvideo:${this.region}:${accountId}:stream/${name}/${clock.now()}`;
    const stream: OwnStream = { name, arn, taken: new Set(), sessions: [] };
    this.#streams.push(stream);
    return stream;
  }

  #become(status: 'ACTIVE', afterMs: number, event: 'Active' | 'Updated'): void {
    const { poolFailure } = this.#options;
    this.#quietly(async () => {
      await this.#wait(afterMs);
      if (poolFailure === 'temporary') {
        this.#tell('TemporaryFailure');
        await this.#wait(afterMs);
      }
      this.#updatedAt = this.#environment.clock.now();
      this.#status = poolFailure === 'permanent' ? 'FAILED' : status;
      if (this.#status === 'ACTIVE') this.#size ??= this.#options.poolSize;
      this.#tell(this.#status === 'FAILED' ? 'PermanentFailure' : event);
    });
  }

  #conflict(): ServiceError {
    return new ServiceError('Conflict', `The Kinesis video stream pool is ${this.#status}.`);
  }

  #tell(change: 'Active' | 'Updated' | 'Deleted' | 'TemporaryFailure' | 'PermanentFailure'): void {
    const { eventBridge } = this.#environment;
    eventBridge.publish(poolEvent(originNow(this.#environment), change, { arn: this.arn, region: this.region }));
  }

  #wait(ms: number): Promise<void> {
    return this.#environment.clock.delay(ms, { signal: this.#environment.closing });
  }

  /** Ends without a word when the simulator is closed. */
  #quietly(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (!this.#environment.closing.aborted) throw error;
    });
  }
}
