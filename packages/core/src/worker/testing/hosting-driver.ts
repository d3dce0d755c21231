import type { Capabilities } from '../../capabilities/capabilities.ts';
import { timestamp } from '../../clock.ts';
import type { RecordingDriver } from '../../driver/driver.ts';
import { newId } from '../../engine/ids.ts';
import { OnRecordError } from '../../errors/index.ts';
import type { Report, Seen } from '../../report/report.ts';

/** A small provider that hosts its files: state in memory, two-valued status, commands settled at once. */
export class HostingProvider {
  readonly recordings = new Map<string, { correlation: string; capturing: boolean; ended: boolean }>();
  /** Files by URI. */
  readonly files = new Map<string, Uint8Array>();
  readonly requests: string[] = [];
  readonly deleted: string[] = [];
  /** Makes the next requests fail, each with one of these. */
  readonly failures: unknown[] = [];
}

/** The driver of a {@link HostingProvider}: starts and stops are confirmed by asking only. */
export function hostingDriver(provider: HostingProvider, now: () => number): RecordingDriver {
  const capabilities: Capabilities = {
    spec: 'onrecord.capabilities/v1',
    calls: ['azure.server-call'],
    outputs: [{ media: 'audio', layout: 'mixed', container: 'wav' }],
    pause: { effects: ['omitted'], fidelity: 'native', startPaused: true },
    discard: false,
    announce: false,
    starts: { scope: 'call', concurrent: 1, total: 'unlimited' },
    confirms: { start: ['poll'], pause: ['poll'], resume: ['poll'], stop: ['poll'] },
    commandPlane: 'direct',
    custody: 'provider',
    lookup: 'token',
    status: true,
  };
  const of = (handle: unknown) => {
    const failure = provider.failures.shift();
    if (failure !== undefined) throw failure;
    const recording = provider.recordings.get(String(handle));
    if (!recording) throw new OnRecordError('not-found', 'There is no such recording.');
    return recording;
  };
  return {
    spec: 'onrecord.driver/v1',
    type: 'hosting',
    capabilities,
    async doStart(plan) {
      provider.requests.push('start');
      const failure = provider.failures.shift();
      if (failure !== undefined) throw failure;
      const handle = plan.command.token;
      if (!provider.recordings.has(handle)) {
        provider.recordings.set(handle, { correlation: plan.correlation, capturing: true, ended: false });
      }
      return { kind: 'accepted', handle, providerKeys: [handle] };
    },
    async doPause(part) {
      provider.requests.push('pause');
      of(part.handle).capturing = false;
      return { kind: 'accepted' };
    },
    async doResume(part) {
      provider.requests.push('resume');
      of(part.handle).capturing = true;
      return { kind: 'accepted' };
    },
    async doStop(part) {
      provider.requests.push('stop');
      const recording = of(part.handle);
      recording.capturing = false;
      recording.ended = true;
      return { kind: 'accepted' };
    },
    async doStatus(part, { pollId, asOfOrdinal }) {
      provider.requests.push('status');
      const { capturing, ended } = of(part.handle);
      const seen: Seen = ended ? { ended: true, capturing: false } : { capturing };
      return [
        {
          reportId: pollId,
          subject: { correlation: part.correlation },
          seen,
          cause: { asOfOrdinal },
          clock: { domain: 'ours', at: timestamp(now()) },
          via: 'poll',
          receivedAt: timestamp(now()),
        },
      ];
    },
    async doOpenArtifact(artifact) {
      provider.requests.push('open');
      const bytes = provider.files.get(artifact.source);
      if (!bytes) throw new OnRecordError('not-found', 'There is no such file.');
      async function* body() {
        for (let offset = 0; offset < bytes!.length; offset += 1_000) yield bytes!.subarray(offset, offset + 1_000);
      }
      return { body: body(), bytes: bytes.length };
    },
    async doDeleteArtifact(artifact) {
      provider.deleted.push(artifact.source);
    },
    classifyError: () => ({ code: 'unavailable', retry: 'safe', blame: 'provider' }),
    native: () => provider,
    async close() {},
  };
}

/** The event by which the provider tells of a finished file. */
export function fileReport(correlation: string, uri: string, now: number, expiresAt?: string): Report {
  return {
    reportId: newId(),
    subject: { correlation },
    seen: {
      ended: true,
      media: [{ key: uri, uri, role: 'master', container: 'wav', ...(expiresAt === undefined ? {} : { expiresAt }) }],
    },
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: timestamp(now),
  };
}
