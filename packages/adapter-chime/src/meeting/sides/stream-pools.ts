import {
  ChimeSDKMediaPipelinesClient,
  type ChimeSDKMediaPipelinesClientConfig,
  CreateMediaPipelineKinesisVideoStreamPoolCommand,
  DeleteMediaPipelineKinesisVideoStreamPoolCommand,
  GetMediaPipelineKinesisVideoStreamPoolCommand,
  paginateListMediaPipelineKinesisVideoStreamPools,
  UpdateMediaPipelineKinesisVideoStreamPoolCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { type Clock, OnRecordError, systemClock } from '@onrecord/core';
import { classifyAwsError, isNotFound } from '../../aws/classify-error.ts';
import { type AwsOptions, clientConfig } from '../../aws/client-options.ts';
import { type Problem, problemsOf, type Rules, refuseProblems } from '../../options/problem.ts';
import { credentials, matching, object, region, url } from '../../options/rules.ts';
import { PoolWaits } from './pool-waits.ts';
import {
  type ChimeStreamPool,
  type ChimeStreamPoolSpec,
  defaultPoolPrefix,
  isStreamOf,
  nameProblem,
  poolProblems,
  readPool,
  retention,
} from './stream-pool.ts';

export interface ChimeStreamPoolsOptions extends AwsOptions {
  /** No pool whose name begins otherwise is created, changed, listed or deleted. Default `onrecord-`. */
  readonly prefix?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Further options of the SDK client. */
  readonly client?: Partial<ChimeSDKMediaPipelinesClientConfig> | undefined;
}

/** How long a change of a pool is waited for. */
export interface PoolWaitOptions {
  /** Milliseconds. Default 600 000. A pool that is in use is deleted once the last meeting that uses it is over. */
  readonly withinMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Removes Kinesis video streams; the program's own, for it takes the client of Kinesis Video Streams. */
export interface StreamRemover {
  /** Streams whose names begin so (ListStreams). */
  list(namePrefix: string): AsyncIterable<{ readonly name: string; readonly arn: string }>;
  /** DeleteStream. */
  remove(streamArn: string): Promise<void>;
}

const optionRules: Rules = {
  region: { required: true, rule: region },
  credentials: { rule: credentials },
  endpoint: { rule: url },
  prefix: { rule: matching(/^[0-9a-zA-Z._-]{1,64}$/, '1 to 64 letters, digits, ".", "_" and "-"') },
  clock: { rule: object },
  client: { rule: object },
};

/**
 * The pools of Kinesis video streams that meetings are written into. Everything takes the service a while: these methods
 * wait until it is done, by asking, and sooner where {@link hear} gets the service's events.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/create-kvs-pool.html}
 */
export class ChimeStreamPools {
  readonly #region: string;
  readonly #prefix: string;
  readonly #client: ChimeSDKMediaPipelinesClient;
  readonly #waits: PoolWaits;

  /** @throws OnRecordError `invalid-request` that lists every problem of the options. */
  constructor(options: ChimeStreamPoolsOptions) {
    refuseProblems('manager of stream pools', problemsOf(options, optionRules));
    const { prefix = defaultPoolPrefix, clock = systemClock, client = {} } = options;
    this.#region = options.region;
    this.#prefix = prefix;
    // Every request may be repeated: a creation has its token, and the others come to the same.
    const config = { ...client, ...clientConfig(options, options.region), maxAttempts: client.maxAttempts ?? 3 };
    this.#client = new ChimeSDKMediaPipelinesClient(config);
    this.#waits = new PoolWaits(clock, (name, signal) => this.#read(name, signal));
  }

  /** Everything wrong with a pool to be created, by field and rule; asks nobody. */
  checkConfiguration(spec: ChimeStreamPoolSpec): readonly Problem[] {
    return poolProblems(spec, this.#prefix);
  }

  /**
   * Creates a pool, and waits until it can be used. One of that name with the same region and retention is taken as it is.
   * @throws OnRecordError `invalid-request`, `already-exists`, `timeout`, `unavailable` (the pool failed)
   */
  async create(spec: ChimeStreamPoolSpec, options: PoolWaitOptions = {}): Promise<ChimeStreamPool> {
    refuseProblems('pool of streams', this.checkConfiguration(spec));
    const { name, retentionHours, region: Region = this.#region, tags = {} } = spec;
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const command = new CreateMediaPipelineKinesisVideoStreamPoolCommand({
      PoolName: name,
      StreamConfiguration: { Region, DataRetentionInHours: retentionHours },
      ...(Tags.length > 0 ? { Tags } : {}),
    });
    try {
      await this.#send('create', name, () => this.#client.send(command, abort(options.signal)));
    } catch (error) {
      const known = OnRecordError.is(error) && error.code === 'conflict' ? await this.get(name, options) : undefined;
      if (!known || known.status === 'DELETING') throw error;
      if (known.region !== Region || known.retentionHours !== retentionHours) {
        throw new OnRecordError('already-exists', `There is a pool ${name} with another region or retention.`, {
          remedy: 'Update its retention, or take another name.',
        });
      }
    }
    return this.#waits.untilActive(name, options);
  }

  /** @throws OnRecordError `not-found` */
  async get(name: string, options: Pick<PoolWaitOptions, 'signal'> = {}): Promise<ChimeStreamPool> {
    this.#checkName(name);
    const pool = await this.#read(name, options.signal);
    if (!pool) throw new OnRecordError('not-found', `There is no pool ${name}.`);
    return pool;
  }

  /** Those with the prefix of the options. */
  async *list(
    options: Pick<PoolWaitOptions, 'signal'> = {},
  ): AsyncGenerator<Pick<ChimeStreamPool, 'name' | 'id' | 'arn'>> {
    const pages = paginateListMediaPipelineKinesisVideoStreamPools({ client: this.#client }, {}, abort(options.signal));
    try {
      for await (const { KinesisVideoStreamPools = [] } of pages) {
        for (const { PoolName: name = '', PoolId: id = '', PoolArn: arn = '' } of KinesisVideoStreamPools) {
          if (name.startsWith(this.#prefix)) yield { name, id, arn };
        }
      }
    } catch (error) {
      throw wrapped(error, 'list', '');
    }
  }

  /**
   * Changes how long the streams keep what is written, and waits until they do.
   * @throws OnRecordError `invalid-request`, `not-found`, `conflict` (it is being changed already), `timeout`
   */
  async update(
    name: string,
    change: { readonly retentionHours: number },
    options: PoolWaitOptions = {},
  ): Promise<ChimeStreamPool> {
    this.#checkName(name);
    refuseProblems('pool of streams', problemsOf(change, { retentionHours: { required: true, rule: retention } }));
    const command = new UpdateMediaPipelineKinesisVideoStreamPoolCommand({
      Identifier: name,
      StreamConfiguration: { DataRetentionInHours: change.retentionHours },
    });
    await this.#send('update', name, () => this.#client.send(command, abort(options.signal)));
    return this.#waits.untilActive(name, options);
  }

  /**
   * Deletes a pool, and waits until it is gone: only then are its streams removed, where a remover is given, for the
   * service must not be writing into them. One that is being deleted, or is gone, is waited for, or done.
   * @throws OnRecordError `invalid-request`, `conflict` (it is being created or changed), `timeout` (it is still in use)
   * @returns ARNs of the streams that were removed
   */
  async delete(
    name: string,
    options: PoolWaitOptions & { readonly streams?: StreamRemover | undefined } = {},
  ): Promise<readonly string[]> {
    this.#checkName(name);
    const pool = await this.#read(name, options.signal);
    if (!pool) return [];
    if (pool.status !== 'DELETING') {
      const command = new DeleteMediaPipelineKinesisVideoStreamPoolCommand({ Identifier: name });
      await this.#send('delete', name, () => this.#client.send(command, abort(options.signal)));
    }
    await this.#waits.untilGone(pool, options);
    const removed: string[] = [];
    for await (const stream of options.streams?.list(pool.id) ?? []) {
      if (!isStreamOf(pool, stream.name, this.#prefix)) continue;
      options.signal?.throwIfAborted();
      await options.streams?.remove(stream.arn);
      removed.push(stream.arn);
    }
    return removed;
  }

  /**
   * Takes an event of EventBridge, so that whoever waits for a pool looks at once. Whether it was one of a pool; it is
   * believed in nothing else, so it need not be authentic.
   */
  hear(event: unknown): boolean {
    return this.#waits.hear(event);
  }

  close(): void {
    this.#client.destroy();
  }

  async #read(name: string, signal: AbortSignal | undefined): Promise<ChimeStreamPool | undefined> {
    const command = new GetMediaPipelineKinesisVideoStreamPoolCommand({ Identifier: name });
    try {
      return readPool((await this.#client.send(command, abort(signal))).KinesisVideoStreamPoolConfiguration);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw wrapped(error, 'get', name);
    }
  }

  async #send(operation: string, name: string, request: () => Promise<unknown>): Promise<void> {
    try {
      await request();
    } catch (error) {
      throw wrapped(error, operation, name);
    }
  }

  #checkName(name: string): void {
    const message = nameProblem(name, this.#prefix);
    if (message) refuseProblems('pool of streams', [{ path: 'name', message }]);
  }
}

/**
 * Manages pools of Kinesis video streams in a control region.
 *
 * @throws OnRecordError `invalid-request` that lists every problem of the options.
 * @example
 * ```ts
 * const pools = chimeStreamPools({ region: 'us-east-1' });
 * await pools.create({ name: 'onrecord-calls', retentionHours: 24 });
 * ```
 */
export function chimeStreamPools(options: ChimeStreamPoolsOptions): ChimeStreamPools {
  return new ChimeStreamPools(options);
}

function abort(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

function wrapped(error: unknown, operation: string, name: string): OnRecordError {
  return OnRecordError.wrap(error, classifyAwsError(error, 'safe'), { operation: `${operation}-pool`, pool: name });
}
