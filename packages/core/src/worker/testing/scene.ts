import { VirtualClock } from '@onrecord/simulator';
import { memory } from '@onrecord/storage';
import type { RecordingDriver } from '../../driver/driver.ts';
import { commit } from '../../engine/commit.ts';
import { createSession, type NewSession } from '../../engine/create-session.ts';
import { newSessionId } from '../../engine/ids.ts';
import { type CommandRequest, recordCommand } from '../../engine/record-command.ts';
import { routeReports } from '../../engine/route-reports.ts';
import type { EventSink, RecordingEvent } from '../../events/event.ts';
import { type Logger, silentLogger } from '../../log.ts';
import { wavBytes } from '../../media/index.ts';
import { executeCommand } from '../../recorder/execute-command.ts';
import { correlationOf, type MediaSighting, type Seen } from '../../report/report.ts';
import type { SessionRecord } from '../../session/record.ts';
import type { Artifact } from '../../session/snapshot.ts';
import { memorySessionStore } from '../../session-store/index.ts';
import { Storage } from '../../storage/index.ts';
import type { StorageDriver } from '../../storage/storage-driver.ts';
import { createWorker, type Worker } from '../worker.ts';
import type { WorkerOptions } from '../worker-options.ts';
import { fileReport, HostingProvider, hostingDriver } from './hosting-driver.ts';

const call = { kind: 'azure.server-call', provider: 'main', key: 'call-1', data: {} } as const;
const never = new AbortController().signal;
const blocked: EventSink = {
  name: 'blocked',
  async deliver() {
    throw new Error('not now');
  },
};

/** A sound file of silence. */
export const wav = (ms: number): Uint8Array => wavBytes({ sampleRate: 8_000, channels: [new Int16Array(ms * 8)] });

/** A store that puts in another way. */
export function putting(driver: StorageDriver, doPut: StorageDriver['doPut']): StorageDriver {
  return {
    type: driver.type,
    scheme: driver.scheme,
    capabilities: driver.capabilities,
    uriOf: (key) => driver.uriOf(key),
    keyOf: (uri) => driver.keyOf(uri),
    doPut,
    doGet: (key, options) => driver.doGet(key, options),
    doHead: (key, options) => driver.doHead(key, options),
    doDelete: (key, options) => driver.doDelete(key, options),
    doList: (prefix, options) => driver.doList(prefix, options),
    classifyError: (error) => driver.classifyError(error),
    native: () => driver.native(),
    close: () => driver.close(),
  };
}

/** A provider that hosts its files, a store, an archive and workers over them, all on one virtual clock. */
export class Scene implements Disposable {
  readonly clock = new VirtualClock();
  readonly store = memorySessionStore();
  readonly provider = new HostingProvider();
  readonly archive = memory({ name: 'archive' });
  readonly landing = memory({ name: 'landing' });
  readonly delivered: RecordingEvent[] = [];
  /** Log lines at `warn` and above, as JSON. */
  readonly log: string[] = [];

  driver(changes: Partial<RecordingDriver> = {}): RecordingDriver {
    return { ...hostingDriver(this.provider, () => this.clock.now()), ...changes };
  }

  worker(options: Partial<WorkerOptions> = {}): Worker {
    const line = (fields: object, message: string) => void this.log.push(JSON.stringify({ ...fields, message }));
    const logger: Logger = { debug() {}, info() {}, warn: line, error: line };
    return createWorker({
      store: this.store,
      instances: { main: { driver: this.driver() } },
      archive: this.archive,
      sinks: [{ name: 'test', deliver: async (event) => void this.delivered.push(event) }],
      clock: this.clock,
      logger,
      ...options,
    });
  }

  async session(changes: Partial<NewSession> = {}): Promise<string> {
    const id = newSessionId(this.clock.now());
    const output = { media: 'audio', layout: 'mixed', container: 'wav' } as const;
    const session = { id, provider: 'main', deployment: 'test', call, output, idempotencyKey: id };
    const record = createSession({ ...session, archive: { mode: 'copy' }, ...changes }, this.clock.now());
    await this.store.create(record, []);
    return id;
  }

  /** A worker that only asks the provider: neither files nor events move. */
  asking(): Worker {
    return this.worker({ archive: undefined, sinks: [blocked], logger: silentLogger });
  }

  /** A session that records. */
  async recording(changes: Partial<NewSession> = {}): Promise<string> {
    const id = await this.session(changes);
    await this.send(id);
    await this.ticks(this.asking(), 1_000);
    return id;
  }

  /** A session that was stopped and whose file the provider has; the file's address. */
  async finished(bytes: Uint8Array, changes: Partial<NewSession> = {}, file: Partial<MediaSighting> = {}) {
    const id = await this.recording(changes);
    await this.ask(id, 'stop');
    await this.ticks(this.asking(), 1_000);
    const uri = file.uri ?? `https://provider.example/files/${id}`;
    this.provider.files.set(uri, bytes);
    await this.tell(id, { key: uri, uri, role: 'master', container: 'wav', ...file });
    return { id, uri };
  }

  /** The event that tells of a file. */
  async tell(id: string, file: MediaSighting): Promise<void> {
    await this.seeing(id, { ended: true, media: [file] });
  }

  /** An event that tells something. */
  async seeing(id: string, seen: Seen): Promise<void> {
    const report = fileReport(correlationOf(id, 'p1'), '', this.clock.now());
    await routeReports(this.store, 'main', [{ ...report, seen }], this.clock.now());
  }

  async ask(id: string, kind: CommandRequest['kind']): Promise<void> {
    await commit(this.store, id, (before) => {
      const recorded = recordCommand(before, { kind }, this.clock.now());
      return recorded.kind === 'recorded' ? recorded.record : undefined;
    });
    await this.send(id);
  }

  async send(id: string): Promise<void> {
    const command = (await this.record(id)).commands.at(-1)?.id ?? '';
    const context = { store: this.store, driver: this.driver(), instance: 'main', clock: this.clock };
    await executeCommand(context, id, command, { signal: never });
  }

  async ticks(worker: Worker, ms: number, stepMs: number = 500): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await this.clock.hold(worker.tick());
      await this.clock.advance(stepMs);
    }
    await worker.tick();
  }

  async record(id: string): Promise<SessionRecord> {
    const record = await this.store.load(id);
    if (!record) throw new Error(`there is no session ${id}`);
    return record;
  }

  async state(id: string): Promise<string> {
    return (await this.record(id)).snapshot.state;
  }

  async artifact(id: string, role: Artifact['role'] = 'master'): Promise<Artifact | undefined> {
    return (await this.record(id)).snapshot.artifacts.find((artifact) => artifact.role === role);
  }

  /** What lies in a store, by key. */
  async contents(driver: StorageDriver = this.archive): Promise<ReadonlyMap<string, Uint8Array>> {
    const storage = new Storage(driver);
    const contents = new Map<string, Uint8Array>();
    for await (const { key } of storage.list('')) {
      const pieces: Uint8Array[] = [];
      for await (const piece of (await storage.get(key)).body) pieces.push(piece);
      contents.set(key, Buffer.concat(pieces));
    }
    return contents;
  }

  /** Names of the events delivered, without prefix and version. */
  told(): readonly string[] {
    return this.delivered.map(({ type }) => type.replace(/^dev\.onrecord\.(.*)\.v1$/, '$1'));
  }

  [Symbol.dispose](): void {
    this.clock[Symbol.dispose]();
  }
}
