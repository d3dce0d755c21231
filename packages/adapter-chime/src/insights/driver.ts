import {
  CreateMediaInsightsPipelineCommand,
  DeleteMediaPipelineCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import {
  type Classification,
  type CommandToken,
  type DriverContext,
  type InboundRequest,
  OnRecordError,
  type Outcome,
  type Parsed,
  type PartTarget,
  type RecordingDriver,
  type Report,
  type Seen,
  type StartPlan,
  timestamp,
} from '@onrecord/core';
import { classifyAwsError, isNotFound } from '../aws/classify-error.ts';
import { askPipeline, isConflict } from './ask-pipeline.ts';
import { type ChimeInsightsCapabilities, chimeInsightsCapabilities, lacks } from './capabilities.ts';
import { InsightsClientPool, type InsightsClients } from './client.ts';
import { type ChimeInsightsConfig, type ChimeInsightsOptions, resolveInsightsConfig } from './config.ts';
import { parseMessage } from './events.ts';
import { finalize } from './finalize.ts';
import { findPipeline } from './find-pipeline.ts';
import { handleOf, type InsightsHandle, insightsKey, knownHandle } from './handle.ts';
import { over } from './map-elements.ts';
import { expectedFile, pipelineRequest } from './map-pipeline.ts';
import { seenInState, stopRequested } from './map-status.ts';

/** The SDK clients beneath the driver: the escape hatch. */
export interface ChimeInsightsNative {
  clients(): InsightsClients;
}

/**
 * Records two Kinesis video streams, or the calls of Voice Connectors, by call analytics: a media insights pipeline whose
 * S3RecordingSink writes one file of two channels after the call.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/call-analytics.html}
 */
export class ChimeInsightsDriver implements RecordingDriver<ChimeInsightsCapabilities, ChimeInsightsNative> {
  readonly spec = 'onrecord.driver/v1';
  readonly type = 'chime-insights';
  readonly capabilities: ChimeInsightsCapabilities = chimeInsightsCapabilities;
  readonly lacks: typeof lacks = lacks;
  readonly #config: ChimeInsightsConfig;
  readonly #pool: InsightsClientPool;

  /** @throws OnRecordError `invalid-request` that lists every problem of the options. */
  constructor(options: ChimeInsightsOptions) {
    this.#config = resolveInsightsConfig(options);
    this.#pool = new InsightsClientPool(this.#config);
  }

  warnings(): readonly string[] {
    if (this.#config.eventSecrets.length > 0) return [];
    return ['Without events.secret no event of call analytics is taken over HTTP, and nothing is adopted from there.'];
  }

  /** Accepted while the pipeline initializes; it records from the moment that the request names. */
  async doStart(plan: StartPlan, { signal, clock }: DriverContext): Promise<Outcome> {
    const request = pipelineRequest(plan, this.#config);
    const { MediaInsightsPipeline: made } = await this.#pool
      .get()
      .pipelines.send(new CreateMediaInsightsPipelineCommand(request), { abortSignal: signal });
    return this.#started(plan, handleOf(made), timestamp(clock.now()));
  }

  /** Deleting is stopping: what was recorded until then is written. One that is stopping already is left to it. */
  async doStop(part: PartTarget, command: CommandToken, { signal, clock }: DriverContext): Promise<Outcome> {
    const handle = knownHandle(part);
    if (!handle) {
      throw new OnRecordError('invalid-state', `The pipeline of ${part.correlation} is not known yet.`, {
        retry: 'safe',
        blame: 'provider',
      });
    }
    const cause = { commandId: command.commandId };
    const answered = (seen: Seen) =>
      observation(part, `stop/${command.commandId}`, seen, cause, 'answer', timestamp(clock.now()));
    try {
      await this.#pool.get().pipelines.send(new DeleteMediaPipelineCommand({ MediaPipelineId: handle.pipelineId }), {
        abortSignal: signal,
      });
      return { kind: 'accepted', reports: [answered({ endReason: 'requested', facts: { [stopRequested]: true } })] };
    } catch (error) {
      if (isConflict(error)) return this.#alreadyEnding(part, handle, command, { signal, clock });
      if (!isNotFound(error)) throw error;
      return { kind: 'done', reports: [answered(over)] };
    }
  }

  /**
   * It ends, or has ended: by itself, or because the answer to an earlier request was lost. Nobody can tell, so it is not
   * taken for the end of the call.
   */
  async #alreadyEnding(
    part: PartTarget,
    { pipelineId }: InsightsHandle,
    { commandId }: CommandToken,
    { signal, clock }: DriverContext,
  ): Promise<Outcome> {
    const now = timestamp(clock.now());
    const stopping = { ...part, facts: { ...part.facts, [stopRequested]: true } };
    const seen = seenInState(await askPipeline(this.#pool.get(), pipelineId, signal), stopping, now);
    const told = { ...seen, facts: { ...seen?.facts, [stopRequested]: true } };
    const report = observation(part, `stop/${commandId}`, told, { commandId }, 'answer', now);
    return { kind: seen?.ended ? 'done' : 'accepted', reports: [report] };
  }

  async doStatus(
    part: PartTarget,
    poll: { readonly pollId: string; readonly asOfOrdinal: number },
    { signal, clock }: DriverContext,
  ): Promise<readonly Report[]> {
    const handle = knownHandle(part);
    if (!handle) return [];
    const state = await askPipeline(this.#pool.get(), handle.pipelineId, signal);
    const now = timestamp(clock.now());
    const seen = seenInState(state, part, now);
    if (!seen) return [];
    return [observation(part, `poll/${poll.pollId}`, seen, { asOfOrdinal: poll.asOfOrdinal }, 'poll', now)];
  }

  /** By the correlation in the runtime metadata. */
  async doFind(plan: StartPlan, { signal, clock }: DriverContext): Promise<Outcome | 'absent'> {
    const found = await findPipeline(this.#pool.get(), plan.correlation, signal);
    return found ? this.#started(plan, found, timestamp(clock.now())) : 'absent';
  }

  doFinalize(
    part: PartTarget,
    step: { readonly stepId: string; readonly token: string; readonly asOfOrdinal: number },
    context: DriverContext,
  ): Promise<Outcome> {
    const now = timestamp(context.clock.now());
    const cause = { asOfOrdinal: step.asOfOrdinal };
    return finalize(
      this.#pool.get(),
      part,
      expectedFile(part, this.#config),
      (name, seen) => observation(part, name, seen, cause, 'poll', now),
      context,
    );
  }

  parse(request: InboundRequest, context: DriverContext): Promise<Parsed> {
    return parseMessage(request, context, this.#config, (pipelineId, signal) =>
      askPipeline(this.#pool.get(), pipelineId, signal).then(
        (state) => (state === 'gone' ? undefined : state),
        () => undefined,
      ),
    );
  }

  /** Every request may be repeated with its token; the others are harmless twice. */
  classifyError(error: unknown): Classification {
    return classifyAwsError(error, 'only-with-same-key');
  }

  native(): ChimeInsightsNative {
    return { clients: () => this.#pool.get() };
  }

  async close(): Promise<void> {
    this.#pool.close();
  }

  #started(plan: StartPlan, handle: InsightsHandle, now: string): Outcome {
    const cause = { commandId: plan.command.commandId };
    return {
      kind: 'accepted',
      handle,
      providerKeys: [insightsKey(handle.pipelineId)],
      reports: [observation(plan, 'started', { facts: { createdAt: now } }, cause, 'answer', now)],
    };
  }
}

function observation(
  part: Pick<PartTarget, 'correlation'>,
  name: string,
  seen: Seen,
  cause: Report['cause'],
  via: Report['via'],
  now: string,
): Report {
  return {
    reportId: `chime-insights/${part.correlation}/${name}`,
    subject: { correlation: part.correlation },
    seen,
    cause,
    clock: { domain: 'ours', at: now },
    via,
    receivedAt: now,
  };
}

/**
 * A driver for recording by call analytics.
 *
 * @throws OnRecordError `invalid-request` that lists every problem of the options.
 * @example
 * ```ts
 * const recorder = createRecorder(
 *   chimeInsights({ region: 'us-east-1', accountId: '111122223333', bucket: 'recordings', configuration: 'calls' }),
 *   { landing: s3({ bucket: 'recordings', region: 'us-east-1' }) },
 * );
 * await recorder.start({ call: chimeKvsStreams({ streams: [agent, customer] }), consent });
 * ```
 */
export function chimeInsights(options: ChimeInsightsOptions): ChimeInsightsDriver {
  return new ChimeInsightsDriver(options);
}
