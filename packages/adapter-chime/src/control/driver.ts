import { type ChimeSDKVoiceClient, UpdateSipMediaApplicationCallCommand } from '@aws-sdk/client-chime-sdk-voice';
import {
  type Announcement,
  type CallRef,
  type Classification,
  type CommandToken,
  type DriverContext,
  formatOutput,
  type InboundRequest,
  type JsonObject,
  type ObjectFacts,
  type ObjectInfo,
  OnRecordError,
  type Outcome,
  type Parsed,
  type PartTarget,
  type RecordingDriver,
  type StartPlan,
  timestamp,
} from '@onrecord/core';
import { classifyAwsError, isNotFound } from '../aws/classify-error.ts';
import { resolveEventSecrets } from '../delivery/event-secret.ts';
import { type DeliveryConfig, parseDeliveries } from '../delivery/parse-deliveries.ts';
import { readRecordingMetadata } from '../delivery/recording-metadata.ts';
import { refuseProblems } from '../options/problem.ts';
import { announceAction } from '../sma/announce-action.ts';
import { readSmaLeg } from '../sma/call-ref.ts';
import { type ChimeSmaCapabilities, chimeSmaCapabilities } from '../sma/capabilities.ts';
import { type UpdateRequest, writeUpdate } from '../sma/flow/update-request.ts';
import { checkMessageStart, type Message, messageOf } from '../sma/message/message-options.ts';
import { VoiceClients } from './client.ts';
import { type ChimeSmaOptions, chimeSmaProblems } from './config.ts';

/** The SDK client beneath the driver: the escape hatch. */
export interface ChimeSmaNative {
  /** The client for a control region; default the configured one. */
  client(region?: string): ChimeSDKVoiceClient;
}

/**
 * Sends commands for legs of a SIP media application from any process: UpdateSipMediaApplicationCall, whose 202 says
 * only that the Lambda function will be invoked. The function does it, and writes what came of it into the store that
 * both share; that is what confirms the command.
 *
 * A request whose answer was lost may be sent again: the function executes a command id once per call.
 */
export class SmaControl implements RecordingDriver<ChimeSmaCapabilities, ChimeSmaNative> {
  readonly spec = 'onrecord.driver/v1';
  readonly type = 'chime-sma';
  readonly capabilities: ChimeSmaCapabilities = chimeSmaCapabilities;
  readonly #options: ChimeSmaOptions;
  readonly #clients: VoiceClients;
  readonly #deliveries: DeliveryConfig;

  /** @throws OnRecordError `invalid-request` that lists every problem of the options. */
  constructor(options: ChimeSmaOptions) {
    refuseProblems('Chime SIP media application', chimeSmaProblems(options));
    this.#options = options;
    this.#clients = new VoiceClients(options);
    const { bucket, prefix, events } = options;
    const landing = bucket === undefined ? undefined : { bucket, prefix };
    this.#deliveries = { landing, ...resolveEventSecrets(events) };
  }

  /** @throws OnRecordError `invalid-request` that lists every problem. */
  checkOptions(options: JsonObject): void {
    messageOf(options);
  }

  /** @throws OnRecordError `unsupported` for another kind of call, `invalid-request` for provider options. */
  async doStart(plan: StartPlan, context: DriverContext): Promise<Outcome> {
    const message = messageOf(plan.providerOptions);
    if (message) checkMessageStart(message, plan);
    return this.#send(plan, 'start', plan.command, context, message);
  }

  doPause(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    return this.#send(part, 'pause', command, context);
  }

  doResume(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    return this.#send(part, 'resume', command, context);
  }

  /** A call that is over answers 404: its recordings have ended with it. */
  async doStop(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    try {
      return await this.#send(part, 'stop', command, context);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const now = timestamp(context.clock.now());
      return {
        kind: 'done',
        reports: [
          {
            reportId: `sma/control/${command.commandId}/over`,
            subject: { correlation: part.correlation },
            seen: { capturing: false, ended: true, endReason: 'call-ended' },
            cause: { commandId: command.commandId },
            clock: { domain: 'ours', at: now },
            via: 'answer',
            receivedAt: now,
          },
        ],
      };
    }
  }

  /** The function plays it; its flow is told `call.announced` with this id. */
  async doAnnounce(
    call: CallRef,
    announcement: Announcement,
    { announcementId }: { readonly announcementId: string },
    context: DriverContext,
  ): Promise<void> {
    const { callId } = readSmaLeg(call);
    announceAction(announcement, callId, {});
    const request = { onrecord: announcementId, op: 'announce', call: callId } as const;
    await this.#update(call, { ...request, announcement: JSON.stringify(announcement) }, context);
  }

  /** What a bucket says of a recording that landed, as S3 or EventBridge tell it; see `bucket` and `events`. */
  async parse(request: InboundRequest, context: DriverContext): Promise<Parsed> {
    return parseDeliveries(request, context, this.#deliveries);
  }

  /** The service writes how long a recording lasts beside it. */
  describeObject({ metadata }: ObjectInfo): ObjectFacts {
    const { durationMs, mediaType } = readRecordingMetadata(metadata);
    return {
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(mediaType === undefined ? {} : { mediaType }),
    };
  }

  classifyError(error: unknown): Classification {
    return classifyAwsError(error, 'safe');
  }

  native(): ChimeSmaNative {
    return { client: (region) => this.#clients.in(region) };
  }

  async close(): Promise<void> {
    this.#clients.close();
  }

  async #send(
    part: PartTarget,
    op: 'start' | 'pause' | 'resume' | 'stop',
    command: CommandToken,
    context: DriverContext,
    message?: Message | undefined,
  ): Promise<Outcome> {
    const { transactionId, callId } = readSmaLeg(part.call);
    await this.#update(
      homeOf(part),
      {
        onrecord: command.commandId,
        op,
        session: part.sessionId,
        call: callId,
        ...(op === 'start' ? { output: formatOutput(part.output) } : {}),
        ...(message ? { message: JSON.stringify(message) } : {}),
      },
      context,
    );
    return { kind: 'accepted', ...(op === 'start' ? { handle: { transactionId, callId } } : {}) };
  }

  async #update(call: CallRef, request: UpdateRequest, { signal }: DriverContext): Promise<void> {
    const { transactionId, region, sipMediaApplicationId = this.#options.sipMediaApplicationId } = readSmaLeg(call);
    if (sipMediaApplicationId === undefined) {
      throw new OnRecordError('invalid-request', `Nothing says which SIP media application has the call ${call.key}.`, {
        remedy: 'Take the reference from a call notice, or configure sipMediaApplicationId.',
      });
    }
    await this.#clients.in(call.region ?? region).send(
      new UpdateSipMediaApplicationCallCommand({
        SipMediaApplicationId: sipMediaApplicationId,
        TransactionId: transactionId,
        Arguments: writeUpdate(request),
      }),
      { abortSignal: signal },
    );
  }
}

/** The call as it is addressed now: a SIP media application of another region may have taken it over. */
function homeOf({ call, facts = {} }: PartTarget): CallRef {
  const { sipMediaApplicationId, region } = facts;
  if (typeof sipMediaApplicationId !== 'string') return call;
  const where = typeof region === 'string' ? { region } : {};
  return { ...call, ...where, data: { ...call.data, ...where, sipMediaApplicationId } };
}

/**
 * A driver that commands recordings of legs from outside the Lambda function of their SIP media application.
 *
 * @throws OnRecordError `invalid-request` that lists every problem of the options.
 * @example
 * ```ts
 * const recorder = createRecorder(chimeSma({ region: 'us-east-1' }), { store });
 * ```
 */
export function chimeSma(options: ChimeSmaOptions): SmaControl {
  return new SmaControl(options);
}
