import { OnRecordError, type OpenedMedia } from '@onrecord/core';
import { isGone } from '../client/ari-error.ts';
import { liveState } from '../recording/live.ts';
import { ask, type Work } from '../recording/work.ts';
import { nameIn } from './media-uri.ts';

/**
 * Opens a finished file. Asterisk serves whole files only, so a range is skipped to.
 * @throws OnRecordError `conflict` with retry `safe` while the recording still runs: it would be served in part.
 */
export async function openMedia(work: Work, uri: string, first = 0): Promise<OpenedMedia> {
  const name = nameIn(uri);
  await refuseLive(work, name);
  const { operation, signal } = work;
  const { body, bytes } = await work.client.download(['recordings', 'stored', name, 'file'], { operation, signal });
  return { body: wholeFrom(body, first, bytes), ...(bytes === undefined ? {} : { bytes }) };
}

/** Deletes a finished file. One that is gone already is no error. @throws OnRecordError `conflict` while it runs. */
export async function deleteMedia(work: Work, uri: string): Promise<void> {
  const name = nameIn(uri);
  await refuseLive(work, name);
  try {
    await ask(work, 'DELETE', ['recordings', 'stored', name]);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function refuseLive(work: Work, name: string): Promise<void> {
  if ((await liveState(work, name)) === 'gone') return;
  throw new OnRecordError(
    'conflict',
    'The recording still runs, and Asterisk would hand out or delete what there is.',
    {
      retry: 'safe',
      blame: 'provider',
      context: { recording: name },
    },
  );
}

async function* wholeFrom(
  body: ReadableStream<Uint8Array>,
  first: number,
  bytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    const skipped = Math.min(piece.length, Math.max(0, first - offset));
    offset += piece.length;
    if (skipped < piece.length) yield piece.subarray(skipped);
  }
  if (bytes !== undefined && offset !== bytes) {
    throw new OnRecordError('integrity-failed', `The file broke off after ${offset} of ${bytes} bytes.`, {
      retry: 'safe',
      blame: 'provider',
    });
  }
}
