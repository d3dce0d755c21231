/** The thread that sends every 20 ms what the phones of this process say, whatever the tests' own thread is busy with. */
import { parentPort } from 'node:worker_threads';
import type { FromMedia, ToMedia } from './media-messages.ts';
import { RtpLine } from './rtp-line.ts';

const PACKET_MS = 20;

/** Later than this, the packets in between are left out: a telephone does not speak faster to make up for lost time. */
const CATCH_UP_MS = 200;

const lines = new Map<number, RtpLine>();
let timer: NodeJS.Timeout | undefined;
let due = 0;

/** By absolute time, so that a late timer does not shift what follows. */
function tick(): void {
  const now = performance.now();
  if (now - due > CATCH_UP_MS) {
    const packets = Math.floor((now - due) / PACKET_MS);
    for (const line of lines.values()) line.skip(packets);
    due += packets * PACKET_MS;
  }
  for (; due <= now; due += PACKET_MS) {
    for (const line of lines.values()) line.sendNext();
  }
  timer = lines.size > 0 ? setTimeout(tick, Math.max(0, due - performance.now())) : undefined;
}

function answer(message: FromMedia): void {
  parentPort?.postMessage(message);
}

async function open(message: Extract<ToMedia, { type: 'open' }>): Promise<void> {
  try {
    const line = await RtpLine.open(message.address, message.silence);
    lines.set(message.id, line);
    if (timer === undefined) {
      due = performance.now();
      tick();
    }
    answer({ reply: message.reply, port: line.port });
  } catch (error) {
    answer({ reply: message.reply, error: error instanceof Error ? error.message : String(error) });
  }
}

parentPort?.on('message', (message: ToMedia) => {
  if (message.type === 'open') {
    void open(message);
    return;
  }
  const line = lines.get(message.id);
  if (message.type === 'connect') line?.connect(message.port, message.address);
  else if (message.type === 'say') line?.say(message.toneHz);
  else if (message.type === 'heard') answer({ reply: message.reply, heard: line?.heard() ?? new Uint8Array() });
  else if (message.type === 'play') {
    const done = (startedAt?: number): void => answer({ reply: message.reply, startedAt });
    if (line === undefined) done();
    else line.play(message.samples, done);
  } else {
    lines.delete(message.id);
    line?.close();
  }
});
