import type { ChimeSDKMediaPipelinesClient } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { type Clock, OnRecordError, type Report, type Secret, type Seen } from '@onrecord/core';
import { classifyAwsError } from '../../aws/classify-error.ts';
import type { SidesConfig } from './side-config.ts';

/** What it takes to do something about the side outputs of a part. */
export interface SideWork {
  readonly client: ChimeSDKMediaPipelinesClient;
  readonly config: SidesConfig;
  readonly accountId: string | undefined;
  /** Makes a report of something seen; the same name is the same observation. */
  readonly observe: (name: string, seen: Seen) => Report;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Whatever is done beside a recording holds it up for so long at most. */
const patienceMs = 4_000;

/** Does something beside the recording, in its time. @throws what it throws, or OnRecordError `timeout` */
export async function inTime<T>({ clock, signal }: SideWork, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = new AbortController();
  clock.delay(patienceMs, { signal: over.signal }).then(
    () => late.abort(new OnRecordError('timeout', `No answer came within ${patienceMs} ms.`, { retry: 'safe' })),
    () => {},
  );
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    throw late.signal.aborted ? late.signal.reason : error;
  } finally {
    over.abort();
  }
}

/** Why something failed, in words that hold no address of a live output, and whether to try again. */
export function troubleOf(
  error: unknown,
  secret: Secret | undefined,
): { readonly reason: string; readonly again: boolean } {
  const { code, retry, message } = classifyAwsError(error, 'safe');
  const told = message ?? (error instanceof Error ? error.message : '');
  const reason = told === '' ? code : `${code}: ${withoutAddress(told, secret?.reveal())}`;
  return { reason, again: retry !== 'never' && retry !== 'exhausted' };
}

/** The service may repeat what it was sent, as a whole or in parts. */
function withoutAddress(text: string, address: string | undefined): string {
  const plain = text.replace(/rtmps?:\/\/\S+/gi, '[secret]');
  if (address === undefined) return plain;
  const parts = address.replace(/^rtmps?:\/\//, '').split('/');
  const hidden = [parts.slice(1).join('/'), ...parts.slice(1)].filter((part) => part.length > 3);
  return hidden.reduce((clean, part) => clean.replaceAll(part, '[secret]'), plain);
}
