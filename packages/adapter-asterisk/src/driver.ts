import {
  type Announcement,
  type Artifact,
  type CallRef,
  type Classification,
  type CommandToken,
  type DriverContext,
  type DriverListener,
  type InboundRequest,
  type JsonObject,
  type OpenedMedia,
  type Outcome,
  type Parsed,
  type PartTarget,
  type RecordingDriver,
  type Report,
  type StartPlan,
  timestamp,
} from '@onrecord/core';
import { announceOn } from './announce/announce.ts';
import { type AsteriskCapabilities, capabilitiesFor } from './capabilities.ts';
import { type AriClient, createClient } from './client/ari-client.ts';
import type { Operation } from './client/ari-error.ts';
import { type AsteriskConfig, resolveConfig } from './config/config.ts';
import type { AsteriskOptions, AsteriskServer } from './config/options.ts';
import { classifyAsteriskError } from './errors.ts';
import { listen } from './events/listen.ts';
import { parseEvent } from './events/parse.ts';
import { deleteMedia, openMedia } from './media/open.ts';
import type { AsteriskNative } from './native.ts';
import { checkGeneration, probeServer, serverInfo } from './probe.ts';
import { discardPart, stopPart } from './recording/end.ts';
import { followPart } from './recording/follow.ts';
import { observe } from './recording/observe.ts';
import { pausePart, resumePart } from './recording/pause.ts';
import { looked } from './recording/report.ts';
import { startPart } from './recording/start.ts';
import type { Work } from './recording/work.ts';

/**
 * Records calls with an Asterisk over its REST interface (ARI): bridges of Stasis applications by themselves, any other
 * call by listening in on its channels.
 *
 * Commands act in their answers. All that outlives a process is in the names of recordings and channels on the server and
 * in the record, so any process can go on with a recording that another one began.
 */
export class AsteriskDriver<S extends AsteriskServer = AsteriskServer>
  implements RecordingDriver<AsteriskCapabilities<S>, AsteriskNative>
{
  readonly spec = 'onrecord.driver/v1';
  readonly type = 'asterisk';
  readonly capabilities: AsteriskCapabilities<S>;
  readonly #config: AsteriskConfig;
  readonly #client: AriClient;
  /** The server was asked what it is, and fits. */
  #isChecked = false;

  /** @throws OnRecordError `invalid-request` that lists every problem of the options. */
  constructor(options: AsteriskOptions<S>) {
    this.#config = resolveConfig(options);
    this.#client = createClient(this.#config);
    this.capabilities = capabilitiesFor(this.#config.server as S, { sounds: this.#config.sounds.size > 0 });
  }

  async doStart(plan: StartPlan, context: DriverContext): Promise<Outcome> {
    const work = this.#work('start', context);
    await this.#check(work);
    return startPart(work, plan);
  }

  doPause(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    return pausePart(this.#work('pause', context), part, command);
  }

  doResume(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    return resumePart(this.#work('resume', context), part, command);
  }

  doStop(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    return stopPart(this.#work('stop', context), part, command);
  }

  doDiscard(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    return discardPart(this.#work('discard', context), part, command);
  }

  async doStatus(
    part: PartTarget,
    poll: { readonly pollId: string; readonly asOfOrdinal: number },
    context: DriverContext,
  ): Promise<readonly Report[]> {
    const work = this.#work('status', context);
    const seen = await observe(work, part);
    return looked(work, `asterisk/poll/${poll.pollId}`, part, seen, { asOfOrdinal: poll.asOfOrdinal });
  }

  async doListen(listener: DriverListener, context: DriverContext): Promise<void> {
    const work = this.#work('listen', context);
    await this.#check(work);
    await listen(work, listener, (body) => this.parse({ transport: 'socket', headers: {}, body }, context));
  }

  doFollow(part: PartTarget, context: DriverContext): Promise<readonly Report[]> {
    return followPart(this.#work('follow', context), part);
  }

  /** Plays to everybody on a bridge, or to one channel. Repeated, it would be heard twice: there is no token for it. */
  doAnnounce(
    call: CallRef,
    announcement: Announcement,
    { announcementId }: { readonly announcementId: string },
    context: DriverContext,
  ): Promise<void> {
    return announceOn(this.#work('announce', context), call, announcement, announcementId);
  }

  async parse(request: InboundRequest, { clock }: DriverContext): Promise<Parsed> {
    return parseEvent(request, this.#config.folder, timestamp(clock.now()));
  }

  /** Opens a file on the server. `conflict` with retry `safe` while it is being written. */
  doOpenArtifact(
    artifact: Artifact,
    { range }: { readonly range?: { readonly first: number } | undefined; readonly access?: JsonObject | undefined },
    context: DriverContext,
  ): Promise<OpenedMedia> {
    return openMedia(this.#work('open', context), artifact.source, range?.first);
  }

  /** Deletes a file on the server. One that is gone already is no error. */
  doDeleteArtifact(
    artifact: Artifact,
    _options: { readonly access?: JsonObject | undefined },
    context: DriverContext,
  ): Promise<void> {
    return deleteMedia(this.#work('delete', context), artifact.source);
  }

  classifyError(error: unknown): Classification {
    return classifyAsteriskError(error);
  }

  native(): AsteriskNative {
    const work = (context: DriverContext) => this.#work('probe', context);
    return {
      request: (method, path, { signal, query }) =>
        this.#client.request(method, path, { operation: 'probe', signal, query }),
      probe: (context) => probeServer(work(context), this.capabilities),
    };
  }

  /** Nothing is held open: a listener ends with its signal. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  #work(operation: Operation, { signal, clock }: DriverContext): Work {
    return { client: this.#client, config: this.#config, operation, signal, clock };
  }

  async #check(work: Work): Promise<void> {
    if (this.#isChecked) return;
    checkGeneration(await serverInfo(work.client, work), work.config.server);
    this.#isChecked = true;
  }
}

/**
 * A driver for Asterisk.
 *
 * @throws OnRecordError `invalid-request` that lists every problem of the options.
 * @example
 * ```ts
 * const recorder = createRecorder(asterisk({ url: 'http://127.0.0.1:8088/ari', username: 'recorder', password }));
 * ```
 */
export function asterisk<S extends AsteriskServer = 'asterisk-22'>(options: AsteriskOptions<S>): AsteriskDriver<S> {
  return new AsteriskDriver<S>(options);
}
