import type { RequestInput } from '../wire/request-input.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';
import { ResourceTags } from './resource-tags.ts';
import { TokenReplays } from './token-replays.ts';

const DEFAULT_PAGE = 100;

/** The member of GetMediaPipeline's answer that holds a pipeline: its type. */
export type PipelineType =
  | 'MediaCapturePipeline'
  | 'MediaConcatenationPipeline'
  | 'MediaLiveConnectorPipeline'
  | 'MediaStreamPipeline'
  | 'MediaInsightsPipeline';

/** A pipeline of any type, as the operations that know no type see it. */
export interface RegisteredPipeline {
  readonly type: PipelineType;
  readonly id: string;
  readonly arn: string;
  /** As the API prints it. */
  readonly status: string;
  /** Whether it has stopped or failed for good. */
  readonly over: boolean;
  /** The object that the API answers with. */
  describe(): object;
  start(): void;
  /** Begins to stop; does nothing when it has begun already. */
  stop(): void;
}

/**
 * Every media pipeline of one account and control region, whatever its type: they share ids, tokens, tags, the limit of
 * active ones, and the operations Get-, List- and DeleteMediaPipeline.
 */
export class PipelineRegistry {
  readonly tags: ResourceTags = new ResourceTags();
  readonly #options: ResolvedPipelineOptions;
  readonly #pipelines = new Map<string, RegisteredPipeline>();
  readonly #replays = new TokenReplays<RegisteredPipeline>();

  constructor(options: ResolvedPipelineOptions) {
    this.#options = options;
  }

  /** Every pipeline so far, oldest first. */
  get all(): readonly RegisteredPipeline[] {
    return [...this.#pipelines.values()];
  }

  find(id: string): RegisteredPipeline | undefined {
    return this.#pipelines.get(id);
  }

  /**
   * Creates and starts a pipeline, unless its ClientRequestToken did so before; keeps the tags of the request.
   * @throws ServiceError `ResourceLimitExceeded` beyond the active pipelines that the account may have
   */
  once(operation: string, input: RequestInput, create: () => RegisteredPipeline): RegisteredPipeline {
    const earlier = this.#options.tokenReplay === 'same-pipeline' ? this.#replays.find(operation, input) : undefined;
    if (earlier) return earlier;
    const active = this.all.filter(({ over }) => !over).length;
    if (active >= this.#options.maxActive) {
      throw new ServiceError(
        'ResourceLimitExceeded',
        `The account has ${active} active media pipelines. Limit reached`,
      );
    }
    const pipeline = create();
    this.#pipelines.set(pipeline.id, pipeline);
    this.#replays.remember(operation, input, pipeline);
    this.tags.own(pipeline.arn, input['Tags']);
    pipeline.start();
    return pipeline;
  }

  /** The pipeline of a request's MediaPipelineId. @throws ServiceError `NotFound` */
  get(input: RequestInput, type?: PipelineType): RegisteredPipeline {
    const pipeline = this.#pipelines.get(String(input['MediaPipelineId']));
    const gone = pipeline?.over && this.#options.afterStop === 'not-found';
    if (!pipeline || gone || (type !== undefined && pipeline.type !== type)) {
      throw new ServiceError('NotFound', 'The media pipeline was not found.');
    }
    return pipeline;
  }

  /** Summaries hold id and ARN, nothing else. Which pipelines are listed is not documented: those that are not over. */
  page(input: RequestInput, type?: PipelineType): { readonly page: readonly object[]; readonly next: object } {
    const all = this.all.filter((one) => !one.over && (type === undefined || one.type === type));
    const token = input['NextToken'];
    const from = typeof token === 'string' ? Number(Buffer.from(token, 'base64').toString('latin1')) : 0;
    if (!Number.isInteger(from)) throw new ServiceError('BadRequest', 'The next token is invalid.');
    const size = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : DEFAULT_PAGE;
    const page = all.slice(from, from + size).map(({ id, arn }) => ({ MediaPipelineId: id, MediaPipelineArn: arn }));
    const more = from + size < all.length;
    return { page, next: more ? { NextToken: Buffer.from(String(from + size)).toString('base64') } : {} };
  }
}
