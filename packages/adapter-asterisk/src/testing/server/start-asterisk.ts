import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { claimPorts, type PortBlock } from './claim-ports.ts';
import { fetchAsterisk } from './fetch-packages.ts';
import { makeStateFolder } from './state-folder.ts';
import type { AsteriskSuite } from './suite.ts';

const script = fileURLToPath(new URL('../../../server/asterisk-run.sh', import.meta.url));

/** It takes half a second; a machine under load is given time. */
const START_TIMEOUT_MS = 30_000;

export interface AsteriskOptions {
  readonly suite: AsteriskSuite;
  /** Also load chan_pjsip, on 127.0.0.1 at `sipPort`. @default false */
  readonly sip?: boolean;
  readonly signal?: AbortSignal;
}

/** What a client of the server needs to know. */
export interface AsteriskAccess {
  /** Base of the REST interface, such as `http://127.0.0.1:20001/ari`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface AsteriskExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real Asterisk of its own: own ports, own state, gone with the process that started it. */
export interface AsteriskServer extends AsteriskAccess, AsyncDisposable {
  readonly suite: AsteriskSuite;
  /** As the server says it, such as `22.10.1+dfsg`. */
  readonly version: string;
  /** The running process; another one after {@link AsteriskServer.restart}. */
  readonly pid: number;
  /** UDP port of chan_pjsip, bound only with the option `sip`. */
  readonly sipPort: number;
  /** Folder of configuration, logs and spool; removed by {@link AsteriskServer.close}. */
  readonly state: string;
  /** Spool folder of recordings: `calls/a` recorded as wav is `calls/a.wav` in it. */
  readonly recordings: string;
  /** Resolves when the process has ended, however that came about. */
  readonly exited: Promise<AsteriskExit>;
  /** Sends a signal; after `SIGTERM` and `SIGKILL` resolves once the process has ended, else at once. */
  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Ends the process if it still runs (`SIGTERM`), starts it again over the same state and ports, waits until it answers. */
  restart(): Promise<void>;
  /** Errors, warnings and notices of the server, and what its processes wrote to their outputs. */
  log(): Promise<string>;
  /** Ends the process and removes its state. */
  close(): Promise<void>;
}

/**
 * Fetches (cached) and starts Asterisk on 127.0.0.1 with fresh state, and waits until it answers.
 *
 * @throws {SuiteUnavailable} when this machine cannot have it.
 */
export async function startAsterisk(options: AsteriskOptions): Promise<AsteriskServer> {
  const { folder } = await fetchAsterisk(options.suite, options.signal);
  const ports = await claimPorts();
  const server = new OwnAsterisk(options, folder, ports, await makeStateFolder());
  try {
    await server.start();
    return server;
  } catch (error) {
    const log = await server.log();
    await server.close();
    throw new Error(`${options.suite} did not start: ${log.trim().split('\n').slice(-5).join(' | ')}`, {
      cause: error,
    });
  }
}

class OwnAsterisk implements AsteriskServer {
  readonly url: string;
  readonly username = 'onrecord';
  readonly password: string = randomBytes(18).toString('base64url');
  readonly suite: AsteriskSuite;
  readonly state: string;
  readonly recordings: string;
  readonly sipPort: number;
  version = '';
  exited: Promise<AsteriskExit> = Promise.resolve({ code: null, signal: null });
  readonly #options: AsteriskOptions;
  readonly #folder: string;
  readonly #ports: PortBlock;
  #process: ChildProcess | undefined;
  #output = '';

  constructor(options: AsteriskOptions, folder: string, ports: PortBlock, state: string) {
    this.#options = options;
    this.#folder = folder;
    this.#ports = ports;
    this.suite = options.suite;
    this.url = `http://127.0.0.1:${ports.http}/ari`;
    this.sipPort = ports.sip;
    this.state = state;
    this.recordings = join(state, 'spool', 'recording');
    process.once('exit', this.#abandon);
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error(`${this.suite} does not run`);
    return pid;
  }

  async start(): Promise<void> {
    const { http, rtp, sip } = this.#ports;
    const flags = ['--rtp', `${rtp.first}-${rtp.last}`, ...(this.#options.sip ? ['--sip', String(sip)] : [])];
    const child = spawn(script, [this.#folder, this.state, String(http), ...flags, '--die-with-parent'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ASTERISK_ARI_USERNAME: this.username, ASTERISK_ARI_PASSWORD: this.password },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    let running = true;
    this.exited = once(child, 'exit').then(([code, signal]) => {
      running = false;
      return { code, signal };
    });
    const authorization = `Basic ${Buffer.from(`${this.username}:${this.password}`).toString('base64')}`;
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (running && performance.now() < deadline) {
      this.#options.signal?.throwIfAborted();
      const response = await fetch(`${this.url}/asterisk/info`, { headers: { authorization } }).catch(() => undefined);
      if (response?.ok) {
        const { system } = (await response.json()) as { readonly system: { readonly version: string } };
        this.version = system.version;
        return;
      }
      await response?.body?.cancel();
      await delay(20);
    }
    throw new Error(running ? `no answer within ${START_TIMEOUT_MS} ms` : 'the process ended');
  }

  async kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    this.#process?.kill(signal);
    if (signal === 'SIGTERM' || signal === 'SIGKILL') await this.exited;
  }

  async restart(): Promise<void> {
    await this.kill('SIGTERM');
    await this.start();
  }

  async log(): Promise<string> {
    return this.#output + (await readFile(join(this.state, 'log', 'full.log'), 'utf8').catch(() => ''));
  }

  async close(): Promise<void> {
    await this.kill('SIGKILL');
    process.off('exit', this.#abandon);
    await rm(this.state, { recursive: true, force: true });
    await this.#ports[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The last thing a process does that nobody let close its server. */
  readonly #abandon = (): void => {
    this.#process?.kill('SIGKILL');
    rmSync(this.state, { recursive: true, force: true });
  };
}
