import type { CallNotice } from '../../call/call-notice.ts';
import type { CallRef } from '../../call/call-ref.ts';
import { timestamp } from '../../clock.ts';
import type { DriverContext, DriverListener, Parsed, RecordingDriver } from '../../driver/driver.ts';
import { newId } from '../../engine/ids.ts';
import type { Report, Seen } from '../../report/report.ts';
import { HostingProvider, hostingDriver } from './hosting-driver.ts';

interface Connection {
  readonly listener: DriverListener;
  readonly break: (error: unknown) => void;
}

/** A provider that tells of everything on a socket, to whoever is connected just then. */
export class SocketProvider extends HostingProvider {
  /** Attempts to connect, each as the time at which it came. */
  readonly attempts: number[] = [];
  readonly connections = new Set<Connection>();
  /** Who is on the one call, and who has a track, by handle of the recording. */
  readonly participants = new Set<string>();
  readonly tracks = new Map<string, Set<string>>();
  /** Makes the next attempts to connect fail, each with one of these. */
  readonly refusals: unknown[] = [];
  /** What every attempt to connect meets once no refusal is left: `silent` never opens, `deaf` cannot be told to close. */
  mode: 'open' | 'silent' | 'deaf' = 'open';
  /** Resolves before a request to follow is answered. */
  following: Promise<void> = Promise.resolve();

  /** Tells everybody who is connected; nobody hears of it later. */
  send(parsed: Partial<Parsed>): Promise<PromiseSettledResult<void>[]> {
    const message: Parsed = { reports: [], calls: [], unhandled: 0, ...parsed };
    return Promise.allSettled([...this.connections].map(({ listener }) => listener.emit(message)));
  }

  break(error: unknown = new Error('socket hang up')): void {
    for (const connection of this.connections) connection.break(error);
  }

  joined(participant: string): CallNotice {
    this.participants.add(participant);
    return { type: 'call.participant-joined', noticeId: `joined/${participant}`, call: conference, participant };
  }

  left(participant: string): CallNotice {
    this.participants.delete(participant);
    return { type: 'call.participant-left', noticeId: `left/${participant}`, call: conference, participant };
  }
}

const conference: CallRef = { kind: 'azure.server-call', provider: 'elsewhere', key: 'call-1', data: {} };

/** An event of a recording that no command caused. */
export function socketReport(correlation: string, seen: Seen, nowMs: number): Report {
  return {
    reportId: newId(),
    subject: { correlation },
    seen,
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'push',
    receivedAt: timestamp(nowMs),
  };
}

/** The driver of a {@link SocketProvider}: it hears events, and begins a track for each participant. */
export function socketDriver(provider: SocketProvider, now: () => number): RecordingDriver {
  const hosting = hostingDriver(provider, now);
  const follow = (handle: unknown) => {
    const tracks = provider.tracks.get(String(handle)) ?? new Set();
    for (const participant of provider.participants) tracks.add(participant);
    provider.tracks.set(String(handle), tracks);
  };
  return {
    ...hosting,
    type: 'socket',
    capabilities: {
      ...hosting.capabilities,
      outputs: [
        { media: 'audio', layout: 'mixed', container: 'wav' },
        { media: 'audio', layout: 'per-participant', container: 'wav' },
      ],
    },
    async doStart(plan, context) {
      const outcome = await hosting.doStart(plan, context);
      follow(outcome.handle);
      return outcome;
    },
    async doFollow({ handle }) {
      provider.requests.push('follow');
      await provider.following;
      follow(handle);
      return [];
    },
    doListen: (listener, context) => connect(provider, listener, context),
  };
}

async function connect(provider: SocketProvider, listener: DriverListener, { signal, clock }: DriverContext) {
  provider.attempts.push(clock.now());
  const refusal = provider.refusals.shift();
  if (refusal !== undefined) throw refusal;
  await new Promise<void>((resolve, reject) => {
    const connection: Connection = {
      listener,
      break(error) {
        provider.connections.delete(connection);
        reject(error);
      },
    };
    if (provider.mode !== 'deaf') signal.addEventListener('abort', () => resolve(), { once: true });
    if (provider.mode === 'silent') return;
    provider.connections.add(connection);
    signal.addEventListener('abort', () => provider.connections.delete(connection), { once: true });
    listener.opened();
  });
}
