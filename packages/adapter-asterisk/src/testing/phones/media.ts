import { Worker } from 'node:worker_threads';
import { samplesOfMuLaw } from './g711.ts';
import type { FromMedia, ToMedia } from './media-messages.ts';
import type { SilencePolicy } from './rtp-line.ts';

/** One phone's audio in the media thread. */
export interface MediaLine {
  /** Where audio for it is to be sent. */
  readonly port: number;
  /** Where its audio goes; without it, to whoever sends first. */
  connect(port: number, address: string): void;
  say(toneHz: number | undefined): void;
  /** Resolves once all of it was sent, with the wall time of the first packet in epoch ms; undefined when none was. */
  play(samples: Int16Array): Promise<number | undefined>;
  heard(): Promise<Int16Array>;
  close(): void;
}

type Waiting = (answer: FromMedia) => void;

let thread: Worker | undefined;
let counter = 0;
const waiting = new Map<number, Waiting>();

/** One thread carries all phones of the process; it keeps no process alive. */
function media(): Worker {
  if (thread !== undefined) return thread;
  const started = new Worker(new URL('./media-thread.ts', import.meta.url));
  started.unref();
  started.on('message', (answer: FromMedia) => {
    waiting.get(answer.reply)?.(answer);
    waiting.delete(answer.reply);
    if (waiting.size === 0) started.unref();
  });
  started.on('error', (error) => {
    thread = undefined;
    for (const [reply, resolve] of waiting) resolve({ reply, error: error.message });
    waiting.clear();
  });
  thread = started;
  return started;
}

async function ask(message: (reply: number) => ToMedia): Promise<FromMedia> {
  counter += 1;
  const reply = counter;
  const { promise, resolve } = Promise.withResolvers<FromMedia>();
  waiting.set(reply, resolve);
  const worker = media();
  worker.ref();
  worker.postMessage(message(reply));
  const answer = await promise;
  if (answer.error !== undefined) throw new Error(`media thread: ${answer.error}`);
  return answer;
}

/** Opens a UDP socket for one phone at a free port of `address`. */
export async function openLine(address: string, silence: SilencePolicy): Promise<MediaLine> {
  counter += 1;
  const id = counter;
  const tell = (message: ToMedia): void => media().postMessage(message);
  const { port = 0 } = await ask((reply) => ({ type: 'open', id, address, silence, reply }));
  return {
    port,
    connect: (remotePort, remoteAddress) => tell({ type: 'connect', id, port: remotePort, address: remoteAddress }),
    say: (toneHz) => tell({ type: 'say', id, toneHz }),
    play: async (samples) => {
      const { startedAt } = await ask((reply) => ({ type: 'play', id, samples, reply }));
      return startedAt;
    },
    heard: async () => {
      const { heard = new Uint8Array() } = await ask((reply) => ({ type: 'heard', id, reply }));
      return samplesOfMuLaw(heard);
    },
    close: () => tell({ type: 'close', id }),
  };
}
