import { randomUUID } from 'node:crypto';
import type { ChimeEnvironment } from '../environment.ts';
import { TAGGING } from '../object-store.ts';
import type { ResourceTags } from '../pipelines/resource-tags.ts';
import { openSink } from '../pipelines/sink.ts';
import { TokenReplays } from '../pipelines/token-replays.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { ResolvedInsightsOptions } from './insights-options.ts';

export interface InsightsElement {
  readonly Type: string;
  readonly KinesisDataStreamSinkConfiguration?: { readonly InsightsTarget?: string } | undefined;
  readonly S3RecordingSinkConfiguration?:
    | { readonly Destination?: string; readonly RecordingFileFormat?: 'Wav' | 'Opus' }
    | undefined;
  readonly VoiceEnhancementSinkConfiguration?: { readonly Disabled?: boolean } | undefined;
}

export interface InsightsConfiguration {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly roleArn: string;
  readonly alerts: unknown;
  readonly elements: readonly InsightsElement[];
}

const transcribers = ['AmazonTranscribeProcessor', 'AmazonTranscribeCallAnalyticsProcessor'];
const DEFAULT_PAGE = 100;

/** Media insights pipeline configurations, and the API to them. The wording of refusals is not documented. */
export class InsightsConfigurations {
  readonly #environment: ChimeEnvironment;
  readonly #options: ResolvedInsightsOptions;
  readonly #tags: ResourceTags;
  readonly #byName = new Map<string, InsightsConfiguration>();
  readonly #replays = new TokenReplays<InsightsConfiguration>();

  constructor(environment: ChimeEnvironment, options: ResolvedInsightsOptions, tags: ResourceTags) {
    this.#environment = environment;
    this.#options = options;
    this.#tags = tags;
  }

  readonly handlers: Readonly<Record<string, OperationHandler>> = {
    CreateMediaInsightsPipelineConfiguration: async (input) => this.#answer(this.#create(input)),
    GetMediaInsightsPipelineConfiguration: async (input) => this.#answer(this.#get(input)),
    UpdateMediaInsightsPipelineConfiguration: async (input) => this.#answer(this.#update(input)),
    DeleteMediaInsightsPipelineConfiguration: async (input) => {
      const { name, arn } = this.#get(input);
      this.#byName.delete(name);
      this.#tags.forget(arn);
      return undefined;
    },
    ListMediaInsightsPipelineConfigurations: async (input) => this.#list(input),
  };

  /** By name or ARN. */
  find(identifier: string): InsightsConfiguration | undefined {
    const [, name] = /:media-insights-pipeline-configuration\/(.+)$/.exec(identifier) ?? [];
    const found = this.#byName.get(name ?? identifier);
    return name === undefined || found?.arn === identifier ? found : undefined;
  }

  #create(input: RequestInput): InsightsConfiguration {
    const operation = 'CreateMediaInsightsPipelineConfiguration';
    const earlier = this.#replays.find(operation, input);
    if (earlier) return earlier;
    const name = String(input['MediaInsightsPipelineConfigurationName']);
    if (this.#byName.has(name)) {
      throw new ServiceError('BadRequest', `The media insights pipeline configuration ${name} already exists.`);
    }
    if (this.#byName.size >= this.#options.maxConfigurations) {
      throw new ServiceError('ResourceLimitExceeded', 'Media insights pipeline configurations: limit reached');
    }
    const { clock, region, accountId } = this.#environment;
    const now = clock.now();
    const made: InsightsConfiguration = {
      id: randomUUID(),
      name,
      arn: `arn:aws:chime:${region}:${accountId}:media-insights-pipeline-configuration/${name}`,
      createdAt: now,
      updatedAt: now,
      ...this.#content(input),
    };
    this.#byName.set(name, made);
    this.#replays.remember(operation, input, made);
    this.#tags.own(made.arn, input['Tags']);
    return made;
  }

  #update(input: RequestInput): InsightsConfiguration {
    const changed = { ...this.#get(input), updatedAt: this.#environment.clock.now(), ...this.#content(input) };
    this.#byName.set(changed.name, changed);
    return changed;
  }

  #get(input: RequestInput): InsightsConfiguration {
    const found = this.find(String(input['Identifier']));
    if (!found) throw new ServiceError('NotFound', 'The media insights pipeline configuration was not found.');
    return found;
  }

  #content(input: RequestInput): Pick<InsightsConfiguration, 'roleArn' | 'alerts' | 'elements'> {
    const roleArn = String(input['ResourceAccessRoleArn']);
    const elements = input['Elements'] as readonly InsightsElement[];
    if (!roleArn.startsWith(`arn:aws:iam::${this.#environment.accountId}:role/`)) {
      throw new ServiceError('BadRequest', 'The resource access role must be a role of the account.');
    }
    this.#check(elements);
    return { roleArn, alerts: input['RealTimeAlertConfiguration'], elements };
  }

  /** What the guide says of elements, and the model does not. */
  #check(elements: readonly InsightsElement[]): void {
    const types = elements.map(({ Type }) => Type);
    if (new Set(types).size !== types.length) throw new ServiceError('BadRequest', 'An element is specified twice.');
    if (transcribers.every((type) => types.includes(type))) {
      throw new ServiceError('BadRequest', 'Amazon Transcribe and Transcribe Call Analytics exclude each other.');
    }
    if (types.includes('VoiceEnhancementSink') && !types.includes('S3RecordingSink')) {
      throw new ServiceError('BadRequest', 'VoiceEnhancementSink needs S3RecordingSink.');
    }
    const { region, accountId } = this.#environment;
    for (const { KinesisDataStreamSinkConfiguration, S3RecordingSinkConfiguration } of elements) {
      const { Destination } = S3RecordingSinkConfiguration ?? {};
      if (Destination !== undefined) openSink(Destination, this.#environment, TAGGING);
      const { InsightsTarget } = KinesisDataStreamSinkConfiguration ?? {};
      if (
        InsightsTarget !== undefined &&
        !InsightsTarget.startsWith(`arn:aws:kinesis:${region}:${accountId}:stream/`)
      ) {
        throw new ServiceError('BadRequest', 'Sinks must be in the region and account of the configuration.');
      }
    }
  }

  #answer({ id, name, arn, createdAt, updatedAt, roleArn, alerts, elements }: InsightsConfiguration): object {
    return {
      MediaInsightsPipelineConfiguration: {
        MediaInsightsPipelineConfigurationName: name,
        MediaInsightsPipelineConfigurationArn: arn,
        ResourceAccessRoleArn: roleArn,
        ...(alerts === undefined ? {} : { RealTimeAlertConfiguration: alerts }),
        Elements: elements,
        MediaInsightsPipelineConfigurationId: id,
        CreatedTimestamp: new Date(createdAt).toISOString(),
        UpdatedTimestamp: new Date(updatedAt).toISOString(),
      },
    };
  }

  #list(input: RequestInput): object {
    const token = input['NextToken'];
    const from = typeof token === 'string' ? Number(Buffer.from(token, 'base64').toString('latin1')) : 0;
    if (!Number.isInteger(from)) throw new ServiceError('BadRequest', 'The next token is invalid.');
    const size = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : DEFAULT_PAGE;
    const all = [...this.#byName.values()];
    const more = from + size < all.length;
    return {
      MediaInsightsPipelineConfigurations: all.slice(from, from + size).map(({ id, name, arn }) => ({
        MediaInsightsPipelineConfigurationId: id,
        MediaInsightsPipelineConfigurationName: name,
        MediaInsightsPipelineConfigurationArn: arn,
      })),
      ...(more ? { NextToken: Buffer.from(String(from + size)).toString('base64') } : {}),
    };
  }
}
