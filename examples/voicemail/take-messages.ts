/** Callers leave messages, one after the other; the worker archives them; the mailbox lists them. */
import type { Logger } from '@onrecord/core';
import { objectSessionStore } from '@onrecord/session-store/object';
import type { ChimeOptions, JournalledInvocation, SimulatedChime } from '@onrecord/simulator';
import { filesystem } from '@onrecord/storage';
import { s3 as s3Storage } from '@onrecord/storage/s3';
import { voicemailFunction } from './app/function.ts';
import { listMessages, type Message } from './app/mailbox.ts';
import { BUCKET } from './app/names.ts';
import { voicemailWorker } from './app/worker.ts';
import { CALLERS, type Caller, FIRST_WORD_MS, OFFICE_NUMBER, voiceOf } from './cloud/callers.ts';
import { openOffice, SESSIONS_BUCKET } from './cloud/office.ts';

/** Longest that a call takes, and that the worker may take afterwards, ms. */
const CALL_MS = 60_000;
const ARCHIVED_MS = 10 * 60_000;

export interface TakingMessages {
  readonly callers?: readonly Caller[] | undefined;
  /** What the simulated account does otherwise than usual. */
  readonly chime?: Partial<ChimeOptions> | undefined;
  /** Called before the first call, e.g. to plan faults. */
  readonly prepare?: ((chime: SimulatedChime) => void) | undefined;
  readonly logger?: Logger | undefined;
}

export interface TakenMessages {
  readonly messages: readonly Message[];
  readonly invocations: readonly JournalledInvocation[];
  /** Keys that are left in the bucket of the service. */
  readonly landed: readonly string[];
}

/** @param folder the archive. */
export async function takeMessages(folder: string, options: TakingMessages = {}): Promise<TakenMessages> {
  await using office = await openOffice(options.chime);
  const { clock, s3, chime } = office;
  const bucket = (name: string) => s3Storage({ bucket: name, client: s3.clientConfig() });
  const store = objectSessionStore(bucket(SESSIONS_BUCKET), { clock });
  const numbers = new Map<string, string>();
  const handler = voicemailFunction({
    store,
    noteCaller: (sessionId, number) => void numbers.set(sessionId, number),
    clock,
    logger: options.logger,
  });
  await handler.ready;
  const application = chime.sipMediaApplication((event) => handler(event));
  const worker = voicemailWorker({
    store,
    chime: { ...chime.clientConfig(), sipMediaApplicationId: application.id },
    landing: bucket(BUCKET),
    archive: filesystem(folder),
    clock,
  });
  options.prepare?.(chime);
  const stop = new AbortController();
  const working = worker.run({ signal: stop.signal });

  for (const caller of options.callers ?? CALLERS) {
    const call = application.placeInboundCall({ from: caller.number, to: OFFICE_NUMBER, source: voiceOf(caller) });
    if (caller.ends) await clock.advance(FIRST_WORD_MS + caller.talkMs + 500);
    if (caller.ends === 'press #') await clock.until(call.press('#'), 1_000, 10);
    if (caller.ends === 'hang up') call.hangUp();
    await clock.until(call.ended, CALL_MS);
  }
  await clock.until(allOver(), ARCHIVED_MS, 1_000);
  // The worker deletes the service's copy once the archive has its own.
  await clock.advance(10_000);
  stop.abort();
  await working;
  const landed = s3.list(BUCKET, 'messages').map(({ key }) => key);
  return { messages: await listMessages(store, numbers), invocations: chime.invocations(), landed };

  async function allOver(): Promise<void> {
    while ((await listMessages(store, numbers)).some(({ state }) => !['completed', 'failed'].includes(state))) {
      await clock.delay(1_000);
    }
  }
}
