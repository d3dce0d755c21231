import type { Clock } from '../clock.ts';
import type { RecordingDriver } from '../driver/driver.ts';
import { parseCorrelation } from '../report/report.ts';
import type { PartRecord, SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { partTarget } from './driver-request.ts';
import { newId } from './ids.ts';
import { applyReports } from './route-reports.ts';
import { within } from './within.ts';

/** What it takes to ask one provider instance. */
export interface Asking {
  readonly store: SessionStore;
  /** Name of the instance: others' parts are not its business, whatever it says. */
  readonly instance: string;
  readonly driver: RecordingDriver;
  readonly clock: Clock;
  /** Milliseconds after which a provider that does not answer is out of reach. */
  readonly requestMs: number;
}

export interface Askable {
  readonly record: SessionRecord;
  readonly part: PartRecord;
}

/** How long an event that overtook the answer to its start waits for the handle. */
const handleMs = 30_000;

/** Asks the provider how a part is, and keeps what it says. */
export async function askPart(
  { store, driver, clock, requestMs }: Asking,
  { record, part }: Askable,
  signal: AbortSignal,
): Promise<void> {
  const poll = { pollId: newId(), asOfOrdinal: lastAccepted(record, part.id) };
  const reports = await within(
    clock,
    requestMs,
    signal,
    async (cut) => (await driver.doStatus?.(partTarget(record, part), poll, { signal: cut, clock })) ?? [],
  );
  await applyReports(store, record.id, reports, clock.now());
}

/**
 * The part with this correlation, if its provider can be asked about it; where its start is still unanswered, once it
 * is. Undefined when there is no such part, or it is over.
 */
export async function askableBy(
  { store, instance, driver, clock }: Asking,
  correlation: string,
  signal: AbortSignal,
): Promise<Askable | undefined> {
  const named = parseCorrelation(correlation);
  if (!named || !canBeAsked(driver)) return undefined;
  const record = await store.load(named.sessionId);
  if (record?.provider !== instance) return undefined;
  const find = (newest: SessionRecord) => askable(newest).find(({ id }) => id === named.partId);
  if (!awaitsAnswer(record, named.partId)) {
    const part = find(record);
    return part && { record, part };
  }
  const answered = await within(clock, handleMs, signal, (cut) => answer(store, record, named.partId, cut)).catch(
    () => record,
  );
  const part = find(answered);
  return part && { record: answered, part };
}

/** Whether a driver knows how to ask. */
export function canBeAsked(driver: RecordingDriver | undefined): driver is RecordingDriver {
  return driver?.doStatus !== undefined && driver.capabilities.status;
}

/** Parts that may still change, and the last part of a pause by segments: its call may end meanwhile. */
export function askable(record: SessionRecord): readonly PartRecord[] {
  const last = record.parts.at(-1);
  return record.parts.filter((part) => {
    if (part.handle === undefined) return false;
    const state = record.snapshot.parts.find(({ id }) => id === part.id)?.state;
    if (state === 'ended' || state === 'failed') return part === last && record.snapshot.state === 'paused';
    return true;
  });
}

/** The last command that the provider had taken when a request leaves: what it shows cannot be older. */
export function lastAccepted(record: SessionRecord, partId: string): number {
  const ordinals = record.commands.flatMap((command) =>
    command.partId === partId && command.acceptedAt !== undefined ? [command.ordinal] : [],
  );
  return Math.max(0, ...ordinals);
}

function awaitsAnswer(record: SessionRecord, partId: string): boolean {
  if (record.parts.find(({ id }) => id === partId)?.handle !== undefined) return false;
  const state = record.snapshot.parts.find(({ id }) => id === partId)?.state;
  return state === 'requested' || state === 'starting';
}

async function answer(
  store: SessionStore,
  record: SessionRecord,
  partId: string,
  signal: AbortSignal,
): Promise<SessionRecord> {
  let newest = record;
  while (awaitsAnswer(newest, partId)) newest = await store.watch(record.id, newest.revision, { signal });
  return newest;
}
