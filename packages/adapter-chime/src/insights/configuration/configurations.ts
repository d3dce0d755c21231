import {
  CreateMediaInsightsPipelineConfigurationCommand,
  DeleteMediaInsightsPipelineConfigurationCommand,
  GetMediaInsightsPipelineConfigurationCommand,
  type MediaInsightsPipelineConfiguration,
  paginateListMediaInsightsPipelineConfigurations,
  UpdateMediaInsightsPipelineConfigurationCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import {
  GetVoiceConnectorStreamingConfigurationCommand,
  PutVoiceConnectorStreamingConfigurationCommand,
  type StreamingConfiguration,
} from '@aws-sdk/client-chime-sdk-voice';
import { OnRecordError } from '@onrecord/core';
import { classifyAwsError, isNotFound } from '../../aws/classify-error.ts';
import type { AwsOptions } from '../../aws/client-options.ts';
import { refuseProblems } from '../../options/problem.ts';
import { InsightsClientPool } from '../client.ts';
import { checkConfiguration, type InsightsConfiguration } from './check-configuration.ts';
import { associationProblems, propagationMs, streamingRequest, type VoiceConnectorAssociation } from './streaming.ts';

export interface InsightsConfigurationsOptions extends AwsOptions {
  readonly accountId: string;
}

/** Names a configuration in a list, which tells no more. */
export interface ConfigurationSummary {
  readonly name: string;
  readonly arn: string;
}

/**
 * Manages the configurations of call analytics and their association with Voice Connectors. Everything is checked before
 * it is sent: the SDK checks nothing, and the service tells one problem at a time.
 */
export class InsightsConfigurations implements AsyncDisposable {
  readonly #options: InsightsConfigurationsOptions;
  readonly #pool: InsightsClientPool;

  constructor(options: InsightsConfigurationsOptions) {
    this.#options = options;
    this.#pool = new InsightsClientPool({ ...options, client: {} });
  }

  /** @throws OnRecordError `invalid-request` that lists every problem by its field; `quota-exceeded` beyond 100. */
  async create(
    configuration: InsightsConfiguration & { readonly MediaInsightsPipelineConfigurationName: string },
  ): Promise<MediaInsightsPipelineConfiguration> {
    refuseProblems('call analytics configuration', checkConfiguration(configuration, this.#options));
    const command = new CreateMediaInsightsPipelineConfigurationCommand(configuration);
    const answer = await this.#send('create', () => this.#pool.get().pipelines.send(command));
    return present(answer.MediaInsightsPipelineConfiguration);
  }

  /** By name or ARN; undefined when there is none. */
  async get(identifier: string): Promise<MediaInsightsPipelineConfiguration | undefined> {
    checkIdentifier(identifier);
    const command = new GetMediaInsightsPipelineConfigurationCommand({ Identifier: identifier });
    const answer = await this.#send('get', () => this.#pool.get().pipelines.send(command).catch(unlessMissing));
    return answer && present(answer.MediaInsightsPipelineConfiguration);
  }

  /** Replaces role, alerts and elements; pipelines that run keep what they began with. */
  async update(identifier: string, configuration: InsightsConfiguration): Promise<MediaInsightsPipelineConfiguration> {
    checkIdentifier(identifier);
    refuseProblems('call analytics configuration', checkConfiguration(configuration, this.#options));
    const { ResourceAccessRoleArn, RealTimeAlertConfiguration, Elements } = configuration;
    const command = new UpdateMediaInsightsPipelineConfigurationCommand({
      Identifier: identifier,
      ResourceAccessRoleArn,
      ...(RealTimeAlertConfiguration === undefined ? {} : { RealTimeAlertConfiguration }),
      Elements,
    });
    const answer = await this.#send('update', () => this.#pool.get().pipelines.send(command));
    return present(answer.MediaInsightsPipelineConfiguration);
  }

  async list(): Promise<readonly ConfigurationSummary[]> {
    return this.#send('list', async () => {
      const found: ConfigurationSummary[] = [];
      for await (const page of paginateListMediaInsightsPipelineConfigurations(
        { client: this.#pool.get().pipelines },
        {},
      )) {
        for (const one of page.MediaInsightsPipelineConfigurations ?? []) {
          const { MediaInsightsPipelineConfigurationName: name, MediaInsightsPipelineConfigurationArn: arn } = one;
          if (name !== undefined && arn !== undefined) found.push({ name, arn });
        }
      }
      return found;
    });
  }

  /** One that is not there is deleted. @throws OnRecordError `conflict` while something uses it. */
  async delete(identifier: string): Promise<void> {
    checkIdentifier(identifier);
    const command = new DeleteMediaInsightsPipelineConfigurationCommand({ Identifier: identifier });
    await this.#send('delete', () => this.#pool.get().pipelines.send(command).catch(unlessMissing));
  }

  /**
   * Lets a Voice Connector record every call by a configuration; returns when it takes effect at the latest, in ms from
   * now. @throws OnRecordError `invalid-request`, `not-found`.
   */
  async associate(association: VoiceConnectorAssociation): Promise<{ readonly inEffectAfterMs: number }> {
    refuseProblems('Voice Connector', associationProblems(association));
    const command = new PutVoiceConnectorStreamingConfigurationCommand(streamingRequest(association, this.#options));
    await this.#send('associate', () => this.#pool.get().voice.send(command));
    return { inEffectAfterMs: propagationMs };
  }

  /** Lets it record no more; streaming goes on. Undefined when the connector does not stream. */
  async dissociate(voiceConnectorId: string): Promise<{ readonly inEffectAfterMs: number } | undefined> {
    const streaming = await this.streaming(voiceConnectorId);
    if (!streaming) return undefined;
    const { MediaInsightsConfiguration: insights, ...rest } = streaming;
    const command = new PutVoiceConnectorStreamingConfigurationCommand({
      VoiceConnectorId: voiceConnectorId,
      StreamingConfiguration: { ...rest, MediaInsightsConfiguration: { ...insights, Disabled: true } },
    });
    await this.#send('dissociate', () => this.#pool.get().voice.send(command));
    return { inEffectAfterMs: propagationMs };
  }

  /** As it was set last, which need not be in effect. */
  async streaming(voiceConnectorId: string): Promise<StreamingConfiguration | undefined> {
    checkIdentifier(voiceConnectorId);
    const command = new GetVoiceConnectorStreamingConfigurationCommand({ VoiceConnectorId: voiceConnectorId });
    const answer = await this.#send('streaming', () => this.#pool.get().voice.send(command).catch(unlessMissing));
    return answer?.StreamingConfiguration;
  }

  async close(): Promise<void> {
    this.#pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #send<T>(operation: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw OnRecordError.wrap(error, classifyAwsError(error, 'safe'), { operation });
    }
  }
}

/** An empty one would be sent as the path of the list. */
function checkIdentifier(identifier: string): void {
  if (typeof identifier === 'string' && identifier.trim() !== '') return;
  throw new OnRecordError('invalid-request', 'The identifier is empty.', { remedy: 'Pass a name or an ARN.' });
}

function unlessMissing(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}

function present(configuration: MediaInsightsPipelineConfiguration | undefined): MediaInsightsPipelineConfiguration {
  if (configuration) return configuration;
  throw new OnRecordError('provider-contract', 'The answer holds no configuration.', { blame: 'provider' });
}

/**
 * Manages the configurations of call analytics in one region and account.
 *
 * @example
 * ```ts
 * const configurations = chimeInsightsConfigurations({ region: 'us-east-1', accountId: '111122223333' });
 * await configurations.associate({ voiceConnectorId: 'abcdef1ghij2klmno3pqr4', configuration: 'calls' });
 * ```
 */
export function chimeInsightsConfigurations(options: InsightsConfigurationsOptions): InsightsConfigurations {
  return new InsightsConfigurations(options);
}
