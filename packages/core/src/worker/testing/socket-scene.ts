import type { RecordingDriver } from '../../driver/driver.ts';
import type { NewSession } from '../../engine/create-session.ts';
import type { Logger } from '../../log.ts';
import { correlationOf, type Seen } from '../../report/report.ts';
import type { Worker } from '../worker.ts';
import type { WorkerOptions } from '../worker-options.ts';
import { Scene } from './scene.ts';
import { SocketProvider, socketDriver, socketReport } from './socket-driver.ts';

/** A worker that runs, and its end. */
export interface RunningWorker {
  readonly worker: Worker;
  stop(): Promise<void>;
}

/** A provider with a socket, a store and workers over them, all on one virtual clock. */
export class SocketScene extends Scene {
  override readonly provider: SocketProvider = new SocketProvider();
  /** Log lines at every level, as `<level> <message>`. */
  readonly lines: string[] = [];

  override driver(changes: Partial<RecordingDriver> = {}): RecordingDriver {
    return { ...socketDriver(this.provider, () => this.clock.now()), ...changes };
  }

  /** A worker that runs from now on. */
  async running(options: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
    const line = (level: string) => (fields: object, message: string) => {
      this.lines.push(`${level} ${message}`);
      if (level === 'warn' || level === 'error') this.log.push(JSON.stringify({ ...fields, message }));
    };
    const logger: Logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
    const stop = new AbortController();
    const worker = this.worker({ logger, ...options });
    const run = worker.run({ signal: stop.signal });
    await this.clock.advance(100);
    return {
      worker,
      stop: async () => {
        stop.abort();
        await this.clock.until(run);
      },
    };
  }

  /** A session with a track for each participant, which records. */
  async conference(changes: Partial<NewSession> = {}): Promise<string> {
    const output = { media: 'audio', layout: 'per-participant', container: 'wav' } as const;
    return this.recording({ output, archive: { mode: 'none' }, ...changes });
  }

  /** What the provider tells of the first part of a session. */
  async tells(id: string, seen: Seen): Promise<void> {
    const report = socketReport(correlationOf(id, 'p1'), seen, this.clock.now());
    await this.clock.hold(this.provider.send({ reports: [report] }));
  }

  /** Who has a track in the first part of a session. */
  async tracks(id: string): Promise<readonly string[]> {
    const [part] = (await this.record(id)).parts;
    return [...(this.provider.tracks.get(String(part?.handle)) ?? [])].sort();
  }

  /** How often the provider was asked so. */
  asked(request: string = 'status'): number {
    return this.provider.requests.filter((each) => each === request).length;
  }
}
