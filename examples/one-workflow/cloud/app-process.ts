import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { OnRecordError } from '@onrecord/core';
import type { FromApp, ToApp } from '../app/messages.ts';

type Message<T extends FromApp['tell']> = Extract<FromApp, { readonly tell: T }>;

/** Every process that runs, so that none outlives this one. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One process of the application. */
export class AppProcess {
  readonly role: string;
  readonly #child: ChildProcess;
  readonly #messages = new EventEmitter();
  readonly #exited: Promise<number | string>;
  #output = '';
  #failure: Error | undefined;

  /**
   * @param role the file in `app/`, without extension.
   * @param environment all that it finds there, besides PATH: nothing of this machine's settings or keys reaches it.
   */
  constructor(role: string, environment: Readonly<Record<string, string>>) {
    this.role = role;
    this.#child = fork(fileURLToPath(new URL(`../app/${role}.ts`, import.meta.url)), [], {
      env: { PATH: process.env['PATH'], AWS_EC2_METADATA_DISABLED: 'true', ...environment },
      execArgv: ['--conditions=@onrecord/source', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    running.add(this.#child);
    const streams = [this.#child.stdout, this.#child.stderr].map(async (stream) => {
      for await (const text of stream?.setEncoding('utf8') ?? [])
        this.#output = `${this.#output}${text}`.slice(-20_000);
    });
    this.#messages.setMaxListeners(50);
    this.#child.on('message', (message) => {
      const { tell } = message as FromApp;
      this.#messages.emit(tell, message);
    });
    // Not its event `close`, which does not come after a disconnect from this side.
    this.#exited = once(this.#child, 'exit').then(async ([code, signal]) => {
      await Promise.all(streams);
      running.delete(this.#child);
      const word = this.#output.trim() || 'no word';
      this.#failure = new OnRecordError('unavailable', `The ${role} process ended (${signal ?? code}): ${word}`);
      this.#messages.emit('gone');
      return signal ?? code;
    });
  }

  /** Process id. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote to stdout and stderr. */
  get output(): string {
    return this.#output;
  }

  tell(message: ToApp): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** Calls `listener` with every message of a kind from now on. */
  on<T extends FromApp['tell']>(tell: T, listener: (message: Message<T>) => void): void {
    this.#messages.on(tell, listener);
  }

  /**
   * The next message of a kind that `match` accepts.
   * @throws Error with what the process said last, when it ends before.
   */
  next<T extends FromApp['tell']>(tell: T, match: (message: Message<T>) => boolean = () => true): Promise<Message<T>> {
    return new Promise((resolve, reject) => {
      const fail = () => settle(() => reject(this.#failure));
      const take = (message: Message<T>) => {
        if (match(message)) settle(() => resolve(message));
      };
      const settle = (then: () => void) => {
        this.#messages.off(tell, take).off('gone', fail);
        then();
      };
      if (this.#failure) return fail();
      this.#messages.on(tell, take).once('gone', fail);
    });
  }

  /** Resolves with the exit code, or the signal that ended it. */
  get exited(): Promise<number | string> {
    return this.#exited;
  }

  /** Kills it without warning. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Lets go of it, and kills it if it does not end by itself. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await this.#exited;
    clearTimeout(late);
  }
}
