import type { Announcement } from '../../call/announcement.ts';
import type { CallNotice } from '../../call/call-notice.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { timestamp } from '../../clock.ts';
import type {
  CommandToken,
  DriverContext,
  Outcome,
  Parsed,
  PartTarget,
  RecordingDriver,
  StartPlan,
} from '../../driver/driver.ts';
import { newId } from '../../engine/ids.ts';
import { OnRecordError } from '../../errors/index.ts';
import type { Report, Seen } from '../../report/report.ts';

/** Pauses, announces and discards. */
export const fullCapabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['test.call', 'test.line'],
  outputs: [
    { media: 'audio', layout: 'mixed', container: 'wav' },
    { media: 'audio', layout: 'separate', container: 'wav' },
  ],
  pause: { effects: ['omitted'], fidelity: 'native', startPaused: true },
  discard: 'native',
  announce: { fidelity: 'native', sources: ['text'], on: ['test.call'] },
  starts: { scope: 'call', concurrent: 1, total: 'unlimited' },
  confirms: { start: ['answer'], pause: ['answer'], resume: ['answer'], stop: ['answer'] },
  commandPlane: 'direct',
  custody: 'provider',
  maxDurationMs: 3_600_000,
  lookup: 'token',
  status: true,
} as const satisfies Capabilities;

/** Starts and stops, nothing else. */
export const bareCapabilities = {
  ...fullCapabilities,
  outputs: [{ media: 'audio', layout: 'mixed', container: 'wav' }],
  pause: false,
  discard: false,
  announce: false,
} as const satisfies Capabilities;

interface Recording {
  readonly correlation: string;
  readonly handle: string;
  capturing: boolean;
  ended: boolean;
}

/** What a provider of this kind would send to the webhook. */
type Message = { readonly reports?: readonly Report[]; readonly calls?: readonly CallNotice[] };

/**
 * A provider in memory. In the mode `answer` a command takes effect in its answer; in the mode `later` it is accepted
 * only, and takes effect, with an event, when the test says {@link settle}.
 */
export class ScriptedProvider {
  readonly key = 'the key of the webhook';
  mode: 'answer' | 'later' = 'answer';
  /** `<operation>` in order of arrival, announcements as `announce:<text>`. */
  readonly requests: string[] = [];
  readonly recordings = new Map<string, Recording>();
  readonly files = new Map<string, Uint8Array>();
  /** Errors for the next requests of an operation, first come first; executed all the same where `executed` says so. */
  readonly failures: { readonly operation: string; readonly error: unknown; readonly executed?: boolean }[] = [];
  readonly #waiting: (() => Report)[] = [];
  readonly #announced: CallNotice[] = [];

  /** Commands that were accepted take effect; returns the webhook that tells of it. */
  settle(): Request {
    return this.webhook({ reports: this.#waiting.splice(0).map((apply) => apply()) });
  }

  /** The webhook that tells of announcements played to their end. */
  played(): Request {
    return this.webhook({ calls: this.#announced.splice(0) });
  }

  webhook(message: Message, key: string = this.key): Request {
    return new Request('http://localhost/hook', { method: 'POST', headers: { key }, body: JSON.stringify(message) });
  }

  /** The webhook that tells of the finished file of the newest recording. */
  fileReady(bytes: Uint8Array): Request {
    const handle = [...this.recordings.keys()].at(-1)!;
    const uri = `https://provider.example/${handle}.wav`;
    this.files.set(uri, bytes);
    const media = [{ key: uri, uri, role: 'master', container: 'wav', bytes: bytes.length } as const];
    return this.webhook({ reports: [this.report({ ended: true, media }, handle)] });
  }

  /** An event that no command caused. */
  report(seen: Seen, handle: string = [...this.recordings.keys()].at(-1)!): Report {
    return {
      reportId: newId(),
      subject: { providerKey: handle },
      seen,
      cause: { unattributed: true },
      clock: { domain: 'none' },
      via: 'push',
      receivedAt: '2026-01-05T09:00:00.000Z',
    };
  }

  take(operation: string): void {
    this.requests.push(operation);
    const index = this.failures.findIndex((failure) => failure.operation === operation);
    const [failure] = index < 0 ? [] : this.failures.splice(index, 1);
    if (failure && !failure.executed) throw failure.error;
    if (failure) this.failures.unshift({ ...failure, operation: `answer to ${operation}`, executed: false });
  }

  answer(operation: string): void {
    const index = this.failures.findIndex((failure) => failure.operation === `answer to ${operation}`);
    const [failure] = index < 0 ? [] : this.failures.splice(index, 1);
    if (failure) throw failure.error;
  }

  execute(recording: Recording, command: CommandToken, context: DriverContext, change: Partial<Recording>): Outcome {
    const { handle } = recording;
    const apply = (via: Report['via']): Report => {
      Object.assign(recording, change);
      const at = timestamp(context.clock.now());
      return {
        reportId: `${command.commandId}/${via}`,
        subject: { correlation: recording.correlation },
        seen: { capturing: recording.capturing, ...(recording.ended ? { ended: true, endReason: 'requested' } : {}) },
        cause: { commandId: command.commandId },
        clock: { domain: 'ours', at },
        via,
        receivedAt: at,
      };
    };
    if (this.mode === 'answer') return { kind: 'done', handle, providerKeys: [handle], reports: [apply('answer')] };
    this.#waiting.push(() => apply('push'));
    return { kind: 'accepted', handle, providerKeys: [handle] };
  }

  announce(notice: CallNotice, announcement: Announcement): void {
    this.take(`announce:${'text' in announcement ? announcement.text : ''}`);
    this.#announced.push(notice);
  }
}

/** The driver of a {@link ScriptedProvider}. */
export function scriptedDriver<C extends Capabilities>(
  provider: ScriptedProvider,
  capabilities: C,
): RecordingDriver<C, ScriptedProvider> {
  const of = (part: PartTarget): Recording => {
    const recording = provider.recordings.get(String(part.handle));
    if (!recording) throw new OnRecordError('not-found', 'There is no such recording.');
    return recording;
  };
  const command =
    (operation: string, change: Partial<Recording>) =>
    async (part: PartTarget, token: CommandToken, context: DriverContext): Promise<Outcome> => {
      provider.take(operation);
      const outcome = provider.execute(of(part), token, context, change);
      provider.answer(operation);
      return outcome;
    };
  return {
    spec: 'onrecord.driver/v1',
    type: 'scripted',
    capabilities,
    async doStart(plan: StartPlan, context: DriverContext) {
      provider.take('start');
      const handle = plan.command.token;
      const recording = provider.recordings.get(handle) ?? {
        correlation: plan.correlation,
        handle,
        capturing: false,
        ended: false,
      };
      provider.recordings.set(handle, recording);
      const outcome = provider.execute(recording, plan.command, context, { capturing: !plan.startPaused });
      provider.answer('start');
      return outcome;
    },
    doPause: command('pause', { capturing: false }),
    doResume: command('resume', { capturing: true }),
    doStop: command('stop', { capturing: false, ended: true }),
    doDiscard: command('discard', { capturing: false, ended: true }),
    async doAnnounce(call, announcement, { announcementId }) {
      provider.announce(
        { type: 'call.announced', noticeId: `${announcementId}/played`, call, announcementId },
        announcement,
      );
    },
    async doOpenArtifact(artifact) {
      const bytes = provider.files.get(artifact.source);
      if (!bytes) throw new OnRecordError('not-found', 'There is no such file.');
      return {
        bytes: bytes.length,
        body: (async function* () {
          yield bytes;
        })(),
      };
    },
    async parse(request): Promise<Parsed> {
      if (request.headers['key'] !== provider.key) {
        throw new OnRecordError('signature-invalid', 'The key of the webhook is wrong.');
      }
      let message: Message;
      try {
        message = JSON.parse(new TextDecoder().decode(request.body)) as Message;
      } catch (cause) {
        throw new OnRecordError('invalid-request', 'The webhook is not JSON.', { cause });
      }
      return { reports: message.reports ?? [], calls: message.calls ?? [], unhandled: 0 };
    },
    classifyError: (error) =>
      OnRecordError.is(error) ? error : { code: 'unavailable', retry: 'safe', blame: 'provider' },
    native: () => provider,
    async close() {
      provider.requests.push('close');
    },
  };
}
