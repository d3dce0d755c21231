import { randomUUID } from 'node:crypto';
import { type ChimeEnvironment, originNow } from '../environment.ts';
import { type MeetingSubject, pipelineEvent } from '../events/event-bridge-event.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';
import type { PipelineType, RegisteredPipeline } from './pipeline-registry.ts';

export type PipelineStatus = 'Initializing' | 'InProgress' | 'Stopping' | 'Stopped' | 'Failed';

/**
 * What the pipelines of meetings have in common: identity, status, times, events. A pipeline runs from its
 * creation until it is stopped or has done its work; MediaPipelineDeleted means that it stopped well.
 */
export abstract class MediaPipeline implements RegisteredPipeline {
  abstract readonly type: PipelineType;
  readonly id: string = randomUUID();
  readonly arn: string;
  readonly meeting: MeetingSubject;
  /** Resolves when the pipeline has stopped or failed. */
  readonly finished: Promise<void>;
  protected readonly environment: ChimeEnvironment;
  protected readonly options: ResolvedPipelineOptions;
  readonly #createdAt: number;
  #updatedAt: number;
  #status: PipelineStatus = 'Initializing';
  readonly #stop = new AbortController();
  #finish: () => void = () => {};

  constructor(meeting: MeetingSubject, environment: ChimeEnvironment, options: ResolvedPipelineOptions) {
    this.meeting = meeting;
    this.environment = environment;
    this.options = options;
    this.#createdAt = environment.clock.now();
    this.#updatedAt = this.#createdAt;
    this.arn = `arn:aws:chime:${environment.region}:${environment.accountId}:media-pipeline/${this.id}`;
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get status(): PipelineStatus {
    return this.#status;
  }

  get createdAt(): number {
    return this.#createdAt;
  }

  get over(): boolean {
    return this.#status === 'Stopped' || this.#status === 'Failed';
  }

  /** Begins to stop; does nothing when it has begun already. */
  stop(): void {
    this.#stop.abort();
  }

  /** As the API prints it. */
  describe(): object {
    return {
      MediaPipelineId: this.id,
      MediaPipelineArn: this.arn,
      ...this.particulars(),
      Status: this.#status,
      CreatedTimestamp: new Date(this.#createdAt).toISOString(),
      UpdatedTimestamp: new Date(this.#updatedAt).toISOString(),
    };
  }

  /** Runs to the end. */
  start(): void {
    this.#run().then(this.#finish, (error: unknown) => {
      this.#finish();
      if (!this.environment.closing.aborted) throw error;
    });
  }

  /** The members that only this type has. */
  protected abstract particulars(): object;

  /** The work between InProgress and the stop. @throws to fail the pipeline. */
  protected abstract work(): Promise<'done' | 'failed'>;

  /** True when the time passed, false when the pipeline was stopped before. @throws when the simulator is closed. */
  protected async waits(ms: number): Promise<boolean> {
    const { clock, closing } = this.environment;
    try {
      await clock.delay(ms, { signal: AbortSignal.any([this.#stop.signal, closing]) });
      return true;
    } catch (error) {
      if (closing.aborted) throw error;
      return false;
    }
  }

  protected get stopRequested(): AbortSignal {
    return this.#stop.signal;
  }

  /** Resolves once the pipeline is to stop; never, when the simulator is closed before. */
  protected untilStopped(): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  protected publish(eventType: string): void {
    const { environment, meeting, id } = this;
    environment.eventBridge.publish(pipelineEvent(originNow(environment), eventType, meeting, id));
  }

  protected become(status: PipelineStatus): void {
    this.#status = status;
    this.#updatedAt = this.environment.clock.now();
  }

  async #run(): Promise<void> {
    const { clock, closing } = this.environment;
    if (await this.waits(this.options.initializingMs)) {
      this.become('InProgress');
      for (let count = 0; count < this.options.inProgressEvents; count++) this.publish('MediaPipelineInProgress');
      if ((await this.work()) === 'failed') {
        this.become('Failed');
        this.publish('MediaPipelinePermanentFailure');
        return;
      }
    }
    this.become('Stopping');
    await clock.delay(this.options.stoppingMs, { signal: closing });
    this.become('Stopped');
    this.publish('MediaPipelineDeleted');
  }
}
