import { randomBytes } from 'node:crypto';
import type { ChimeEnvironment } from '../environment.ts';
import type { InsightsService } from '../insights/insights-service.ts';
import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import { type NewConnectorCall, VoiceConnectorCall } from './voice-connector-call.ts';

interface StreamingConfiguration {
  readonly DataRetentionInHours: number;
  readonly Disabled: boolean;
  readonly MediaInsightsConfiguration?: { readonly Disabled?: boolean; readonly ConfigurationArn?: string } | undefined;
}

interface Change {
  readonly at: number;
  readonly streaming: StreamingConfiguration | undefined;
}

/** A Voice Connector, and the calls that come through it. */
export class VoiceConnector {
  /** 22 lower-case letters and digits, like those of the service. */
  readonly id: string = randomBytes(16).toString('hex').slice(0, 22);
  readonly name: string;
  readonly createdAt: number;
  readonly #environment: ChimeEnvironment;
  readonly #insights: InsightsService;
  #changes: readonly Change[] = [];

  constructor(name: string, environment: ChimeEnvironment, insights: InsightsService) {
    this.name = name;
    this.#environment = environment;
    this.#insights = insights;
    this.createdAt = environment.clock.now();
  }

  /** As it was set last; calls see it once it has propagated. */
  get streaming(): StreamingConfiguration | undefined {
    return this.#changes.at(-1)?.streaming;
  }

  set streaming(streaming: StreamingConfiguration | undefined) {
    this.#changes = [...this.#changes, { at: this.#environment.clock.now(), streaming }];
  }

  /** Lets a call come in, under the streaming configuration that is in effect. */
  placeCall(description: NewConnectorCall = {}): VoiceConnectorCall {
    const now = this.#environment.clock.now();
    const inEffect = this.#changes.findLast(({ at }) => at + this.#insights.options.propagationMs <= now)?.streaming;
    const { Disabled = true, DataRetentionInHours: hours = 0, MediaInsightsConfiguration: insights } = inEffect ?? {};
    const analysed = insights !== undefined && insights.Disabled !== true;
    return new VoiceConnectorCall(
      this.#environment,
      this.#insights,
      {
        voiceConnectorId: this.id,
        streams: !Disabled,
        retained: hours > 0,
        configurationArn: analysed ? insights.ConfigurationArn : undefined,
      },
      description,
    );
  }
}

/** The Voice Connectors of one account and control region, and the API to them. */
export class VoiceConnectors {
  readonly #environment: ChimeEnvironment;
  readonly #insights: InsightsService;
  readonly #connectors = new Map<string, VoiceConnector>();

  constructor(environment: ChimeEnvironment, insights: InsightsService) {
    this.#environment = environment;
    this.#insights = insights;
  }

  readonly handlers: Readonly<Record<string, OperationHandler>> = {
    CreateVoiceConnector: async (input) => {
      const { id, name, createdAt } = this.create(String(input['Name']));
      const { region, accountId } = this.#environment;
      return {
        VoiceConnector: {
          VoiceConnectorId: id,
          AwsRegion: input['AwsRegion'] ?? region,
          Name: name,
          OutboundHostName: `${id}.voiceconnector.chime.aws`,
          RequireEncryption: input['RequireEncryption'],
          CreatedTimestamp: new Date(createdAt).toISOString(),
          UpdatedTimestamp: new Date(createdAt).toISOString(),
          VoiceConnectorArn: `arn:aws:chime:${region}:${accountId}:vc/${id}`,
        },
      };
    },
    PutVoiceConnectorStreamingConfiguration: async (input) => {
      const connector = this.#get(input);
      const streaming = input['StreamingConfiguration'] as StreamingConfiguration;
      const arn = streaming.MediaInsightsConfiguration?.ConfigurationArn;
      if (arn !== undefined && !this.#insights.configurations.find(arn)) {
        throw new ServiceError('BadRequest', `The media insights configuration ${arn} does not exist.`);
      }
      connector.streaming = streaming;
      return { StreamingConfiguration: streaming };
    },
    GetVoiceConnectorStreamingConfiguration: async (input) => {
      const { streaming } = this.#get(input);
      if (!streaming) throw new ServiceError('NotFound', 'The Voice Connector has no streaming configuration.');
      return { StreamingConfiguration: streaming };
    },
    DeleteVoiceConnectorStreamingConfiguration: async (input) => {
      this.#get(input).streaming = undefined;
      return undefined;
    },
  };

  create(name: string): VoiceConnector {
    const made = new VoiceConnector(name, this.#environment, this.#insights);
    this.#connectors.set(made.id, made);
    return made;
  }

  find(id: string): VoiceConnector | undefined {
    return this.#connectors.get(id);
  }

  #get(input: RequestInput): VoiceConnector {
    const found = this.find(String(input['VoiceConnectorId']));
    if (!found) throw new ServiceError('NotFound', 'The Voice Connector was not found.');
    return found;
  }
}
