import type { IncomingMessage } from 'node:http';

/** Default limit of {@link readBody}: 64 MiB. */
export const BODY_LIMIT: number = 64 * 1024 * 1024;

/** The body is larger than the reader allows. The rest of it is still on the connection, unread. */
export class BodyTooLargeError extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`The request body is larger than ${limit} bytes.`);
    this.name = 'BodyTooLargeError';
    this.limit = limit;
  }
}

/** The client went away before it had sent the body that it announced. */
export class BodyIncompleteError extends Error {
  constructor() {
    super('The connection ended before the request body was complete.');
    this.name = 'BodyIncompleteError';
  }
}

/**
 * Reads a request body into memory.
 * @throws {@link BodyTooLargeError} once more than `limit` bytes have come, {@link BodyIncompleteError} when the client goes away.
 */
export function readBody(request: IncomingMessage, limit: number = BODY_LIMIT): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (error: Error): void => {
      request.removeAllListeners('data');
      request.pause();
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > limit) return stop(new BodyTooLargeError(limit));
      chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks, size)));
    request.once('close', () => {
      if (!request.complete) stop(new BodyIncompleteError());
    });
    request.once('error', () => stop(new BodyIncompleteError()));
  });
}

/** Reads and discards what is left of a request body, so that its connection can carry the answer. */
export function drainBody(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    request.once('end', () => resolve());
    request.once('close', () => resolve());
    request.once('error', () => resolve());
    request.resume();
  });
}
