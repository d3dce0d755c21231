import { type DriverListener, OnRecordError, type Parsed } from '@onrecord/core';
import WebSocket from 'ws';
import { AriError } from '../client/ari-error.ts';
import { networkCodeOf } from '../client/network-code.ts';
import { ask, type Work } from '../recording/work.ts';
import { isReplaced, socketUrl } from './socket-url.ts';

/** Events are a few kilobytes; a list of everybody on a large bridge is the longest. */
const longestMessage = 4 * 1024 * 1024;
const handshakeMs = 10_000;
/** A connection that dropped without a word is found out by a ping that is not answered until the next is due. */
const pingEveryMs = 15_000;
/** Events that may wait to be written before the server is made to wait. */
const mostWaiting = 256;

/**
 * Connects once and hands on every event, one after the other. Resolves when `signal` aborts.
 * @throws AriError, or OnRecordError `unavailable` when the connection breaks, `conflict` when another process took the
 * application over; what `emit` threw, where an event could not be kept.
 */
export async function listen(
  work: Work,
  listener: DriverListener,
  parse: (body: Uint8Array) => Promise<Parsed>,
): Promise<void> {
  work.signal.throwIfAborted();
  const socket = new WebSocket(socketUrl(work.config), {
    headers: { authorization: work.config.authorization.reveal() },
    handshakeTimeout: handshakeMs,
    maxPayload: longestMessage,
    perMessageDeflate: false,
    followRedirects: false,
  });
  const closed = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => resolve();
      work.signal.addEventListener('abort', onAbort, { once: true });
      closed.signal.addEventListener('abort', () => work.signal.removeEventListener('abort', onAbort));
      let waiting = 0;
      let writing: Promise<unknown> = Promise.resolve();
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        reject(refused(response.statusCode));
      });
      socket.on('error', (cause) => reject(broken(cause)));
      socket.on('close', (code) => {
        // What came before the end is still handed on.
        void writing.finally(() => reject(lost(`the connection closed with ${code}`)));
      });
      socket.on('open', () => {
        opened(work).then(() => listener.opened(), reject);
        void keepAlive(work, socket, closed.signal).catch(reject);
      });
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (isBinary) return reject(lost('it sent a binary message, which is none of ARI'));
        if (++waiting > mostWaiting) socket.pause();
        writing = writing
          .then(async () => {
            if (isReplaced(data)) throw replaced(work.config.app);
            await listener.emit(await parse(data));
            if (--waiting <= mostWaiting / 2) socket.resume();
          })
          .catch(reject);
      });
    });
  } finally {
    closed.abort();
    socket.on('error', () => {});
    socket.terminate();
  }
}

/** With `calls: 'all'` the application hears of everything, from before anything is handed on. */
async function opened(work: Work): Promise<void> {
  if (work.config.calls !== 'all') return;
  const path = ['applications', work.config.app, 'subscription'];
  await ask(work, 'POST', path, { eventSource: 'channel:' });
  await ask(work, 'POST', path, { eventSource: 'bridge:' });
}

async function keepAlive(work: Work, socket: WebSocket, signal: AbortSignal): Promise<void> {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  for (;;) {
    if (!answered) throw lost('it answers no ping');
    answered = false;
    socket.ping();
    try {
      await work.clock.delay(pingEveryMs, { signal });
    } catch {
      return;
    }
  }
}

function refused(status: number | undefined): AriError {
  // The handshake's refusal has the words of ARI in other places than its answers.
  const ariMessage = status === 401 ? 'Authentication required' : undefined;
  return new AriError({ operation: 'listen', request: 'GET /events', status: status ?? 0, ariMessage });
}

function broken(cause: Error): AriError {
  return new AriError({ operation: 'listen', request: 'GET /events', networkCode: networkCodeOf(cause), cause });
}

function lost(why: string): OnRecordError {
  return new OnRecordError('unavailable', `The event socket of Asterisk is lost: ${why}.`, {
    retry: 'safe',
    blame: 'provider',
  });
}

function replaced(app: string): OnRecordError {
  return new OnRecordError('conflict', `Another connection took over the Stasis application "${app}".`, {
    retry: 'safe',
    blame: 'caller',
    remedy: 'Give each deployment an app of its own: Asterisk sends events to the last connection of an app only.',
  });
}
