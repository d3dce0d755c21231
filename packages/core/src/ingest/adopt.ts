import { timestamp } from '../clock.ts';
import type { Adoption, RecordingDriver } from '../driver/driver.ts';
import { providerIndex } from '../engine/commit.ts';
import { createSession, idempotencyIndex } from '../engine/create-session.ts';
import { derivedId, derivedSessionId } from '../engine/ids.ts';
import { normalTime } from '../engine/normal-report.ts';
import { adoptParked } from '../engine/route-reports.ts';
import { acceptCommand } from '../engine/settle-command.ts';
import { OnRecordError } from '../errors/index.ts';
import { formatOutput, sameOutput } from '../format/output.ts';
import { nthStartIndex, sessionsOfCall } from '../recorder/call-sessions.ts';
import type { ArchivePolicy, SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';

/** What sessions have that nobody started. */
export interface AdoptionPolicy {
  readonly deployment?: string | undefined;
  readonly archive?: ArchivePolicy | undefined;
}

interface AdoptionContext {
  /** Name of the provider instance. */
  readonly instance: string;
  readonly driver: Pick<RecordingDriver, 'capabilities' | 'type'>;
  readonly adoption?: AdoptionPolicy | undefined;
}

/** Adoptions that lose the race for the same number of their call repeat with the next; more losses are a fault. */
const maxAttempts = 20;

/**
 * Makes a session of each recording that began without us and has none, durably: exactly one, however many messages and
 * processes tell of it at once, since its id follows from its key and the store holds each key once. Its start counts as
 * accepted, so nobody sends one; reports prove it, and the deadline of a start alarms when none does.
 *
 * @returns the sessions that were made.
 * @throws OnRecordError `provider-contract` for an output that the driver does not declare; what the store throws.
 */
export async function adoptRecordings(
  store: SessionStore,
  context: AdoptionContext,
  adoptions: readonly Adoption[],
  nowMs: number,
): Promise<readonly string[]> {
  const made: string[] = [];
  for (const adoption of adoptions) {
    const key = providerIndex(context.instance, adoption.providerKey);
    if (await store.findByKey(key)) continue;
    const id = await createAdopted(store, context, adoption, nowMs);
    if (id === undefined) continue;
    made.push(id);
    // Of a session that is known, whoever brings a key takes in what waited for it; and the worker, should that one die.
    await adoptParked(store, id, [key], nowMs);
  }
  return made;
}

/** Undefined when another message, or another process, was faster. */
async function createAdopted(
  store: SessionStore,
  context: AdoptionContext,
  adoption: Adoption,
  nowMs: number,
): Promise<string | undefined> {
  const { instance, driver } = context;
  const { call, output, providerKey } = adoption;
  if (!driver.capabilities.outputs.some((offered) => sameOutput(offered, output))) {
    const message = `The ${driver.type} driver tells of a recording as ${formatOutput(output)}, which it does not declare.`;
    throw new OnRecordError('provider-contract', message, { blame: 'library', context: { provider: instance } });
  }
  const key = providerIndex(instance, providerKey);
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    // A program may be recording the same call, too: that is another recording.
    const ordinal = (await sessionsOfCall(store, undefined, call)).length + 1;
    const record = adoptedRecord(context, adoption, nowMs);
    const keys = [idempotencyIndex(record), nthStartIndex(undefined, call, ordinal), key];
    const { created, record: holder } = await store.create(record, keys);
    if (created) return record.id;
    if (holder.provider === instance && holder.parts.some(({ keys: own }) => own.includes(providerKey)))
      return undefined;
  }
  throw new OnRecordError('conflict', `The call ${call.key} was started ${maxAttempts} times at once.`, {
    retry: 'safe',
    context: { provider: instance },
  });
}

function adoptedRecord(
  { instance, adoption: policy = {} }: AdoptionContext,
  { call, output, providerKey, startedAt }: Adoption,
  nowMs: number,
): SessionRecord {
  const deployment = policy.deployment ?? 'default';
  const name = `${instance}/${providerKey}`;
  const id = derivedSessionId(deployment, `adopted/${name}`, 1);
  const bare = createSession(
    {
      id,
      provider: instance,
      deployment,
      call: { ...call, provider: instance },
      output,
      idempotencyKey: `adopted/${name}`,
      commandId: derivedId('adopted', id),
      token: derivedId('adopted-token', id),
      archive: policy.archive,
      adopted: true,
    },
    nowMs,
  );
  const now = timestamp(nowMs);
  const told = normalTime(startedAt);
  const begun = told !== undefined && told < now ? told : now;
  const commands = bare.commands.map((command) => ({ ...command, firstSentAt: begun }));
  const outcome = { kind: 'accepted', providerKeys: [providerKey] } as const;
  return acceptCommand({ ...bare, commands }, commands[0]!.id, outcome, nowMs).record;
}
