import type { ChimeEnvironment } from '../environment.ts';
import type { ResourceTags } from '../pipelines/resource-tags.ts';
import { TokenReplays } from '../pipelines/token-replays.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { KinesisVideoStream } from './kinesis-video-stream.ts';
import type { ResolvedStreamOptions } from './stream-options.ts';
import { StreamPool } from './stream-pool.ts';

const DEFAULT_PAGE = 100;

interface StreamConfiguration {
  readonly Region: string;
  readonly DataRetentionInHours?: number;
}

/** The pools of Kinesis video streams of one account and control region, and the API to them. */
export class StreamPools {
  readonly #environment: ChimeEnvironment;
  readonly #options: ResolvedStreamOptions;
  readonly #tags: ResourceTags;
  readonly #pools: StreamPool[] = [];
  readonly #replays = new TokenReplays<StreamPool>();

  constructor(environment: ChimeEnvironment, tags: ResourceTags, options: ResolvedStreamOptions) {
    this.#environment = environment;
    this.#tags = tags;
    this.#options = options;
  }

  /** Every stream of every pool, deleted ones included: streams outlive their pool. */
  get streams(): readonly KinesisVideoStream[] {
    return this.#pools.flatMap(({ streams }) => streams);
  }

  readonly handlers: Readonly<Record<string, OperationHandler>> = {
    CreateMediaPipelineKinesisVideoStreamPool: async (input) => this.#answer(this.#create(input)),
    GetMediaPipelineKinesisVideoStreamPool: async (input) => this.#answer(this.#get(input)),
    UpdateMediaPipelineKinesisVideoStreamPool: async (input) => {
      const pool = this.#get(input);
      pool.update((input['StreamConfiguration'] as Partial<StreamConfiguration> | undefined)?.DataRetentionInHours);
      return this.#answer(pool);
    },
    DeleteMediaPipelineKinesisVideoStreamPool: async (input) => {
      const pool = this.#get(input);
      pool.delete();
      this.#tags.forget(pool.arn);
      return undefined;
    },
    ListMediaPipelineKinesisVideoStreamPools: async (input) => this.#list(input),
  };

  /** By name or ARN; undefined once it is deleted. */
  find(identifier: string): StreamPool | undefined {
    return this.#pools.find(({ name, arn, gone }) => !gone && (name === identifier || arn === identifier));
  }

  #create(input: RequestInput): StreamPool {
    const earlier = this.#replays.find('CreateMediaPipelineKinesisVideoStreamPool', input);
    if (earlier && !earlier.gone) return earlier;
    const name = String(input['PoolName']);
    if (this.find(name)) throw new ServiceError('Conflict', `There is a Kinesis video stream pool ${name}.`);
    const { Region, DataRetentionInHours } = input['StreamConfiguration'] as StreamConfiguration;
    const description = { name, region: Region, retentionHours: DataRetentionInHours };
    const pool = new StreamPool(description, this.#environment, this.#options);
    this.#pools.push(pool);
    this.#replays.remember('CreateMediaPipelineKinesisVideoStreamPool', input, pool);
    this.#tags.own(pool.arn, input['Tags']);
    return pool;
  }

  #get(input: RequestInput): StreamPool {
    const pool = this.find(String(input['Identifier']));
    if (!pool) throw new ServiceError('NotFound', 'The Kinesis video stream pool was not found.');
    return pool;
  }

  #answer(pool: StreamPool): object {
    return { KinesisVideoStreamPoolConfiguration: pool.describe() };
  }

  /** Summaries hold name, id and ARN: no status. */
  #list(input: RequestInput): object {
    const all = this.#pools.filter(({ gone }) => !gone);
    const token = input['NextToken'];
    const from = typeof token === 'string' ? Number(Buffer.from(token, 'base64').toString('latin1')) : 0;
    if (!Number.isInteger(from)) throw new ServiceError('BadRequest', 'The next token is invalid.');
    const size = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : DEFAULT_PAGE;
    const page = all.slice(from, from + size);
    const more = from + size < all.length;
    return {
      KinesisVideoStreamPools: page.map(({ name, id, arn }) => ({ PoolName: name, PoolId: id, PoolArn: arn })),
      ...(more ? { NextToken: Buffer.from(String(from + size)).toString('base64') } : {}),
    };
  }
}
