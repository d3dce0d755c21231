import { createSession, idempotencyIndex, requestDigest } from '../engine/create-session.ts';
import { newSessionId } from '../engine/ids.ts';
import { OnRecordError } from '../errors/index.ts';
import { refuseWaitingInsideTurn } from '../flow/inside-turn.ts';
import type { SessionRecord } from '../session/record.ts';
import { nthStartIndex, nthStartKey, sessionsOfCall } from './call-sessions.ts';
import { type CheckedStart, checkRoom, checkStart } from './check-start.ts';
import type { StartRequest } from './recorder.ts';
import { heardFirst, type RecorderContext } from './recorder-context.ts';
import { confirmCommand, executeRecorded } from './send-command.ts';
import type { WaitOptions } from './session.ts';

/** Starts that lose the race for the same number repeat with the next; more losses than this are a fault. */
const maxAttempts = 20;

/** See `RecorderBase.start`. */
export async function startSession(
  context: RecorderContext,
  request: StartRequest,
  options: WaitOptions = {},
): Promise<SessionRecord> {
  const confirmed = options.until !== 'accepted';
  if (confirmed) refuseWaitingInsideTurn('for a start to be confirmed');
  options.signal?.throwIfAborted();
  context.closing.throwIfAborted();
  const start = checkStart(context, request.call, request);
  await heardFirst(context, options.signal);
  const { record, created } = await createOnce(context, request, start);
  context.touch(record.id);
  const command = record.commands[0]!;
  const sent = created ? await executeRecorded(context, record, command, options.signal) : record;
  return confirmed ? confirmCommand(context, sent, command, options.signal) : sent;
}

async function createOnce(
  context: RecorderContext,
  { idempotencyKey, tenant }: StartRequest,
  start: CheckedStart,
): Promise<{ readonly record: SessionRecord; readonly created: boolean }> {
  const { store, clock, archive, deployment, emulate, instance } = context;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (idempotencyKey !== undefined) {
      const known = await store.findByKey(idempotencyIndex({ tenant, idempotencyKey }));
      if (known) return { record: sameRequest(known, context, start), created: false };
    }
    const sessions = await sessionsOfCall(store, tenant, start.call);
    checkRoom(context, start.call, sessions, { ownKey: idempotencyKey !== undefined });
    const ordinal = sessions.length + 1;
    const id = newSessionId(clock.now());
    const session = createSession(
      {
        ...start,
        id,
        provider: instance,
        deployment,
        tenant,
        emulate,
        archive,
        idempotencyKey: idempotencyKey ?? nthStartKey(start.call, ordinal),
      },
      clock.now(),
    );
    const keys = new Set([idempotencyIndex(session), nthStartIndex(tenant, start.call, ordinal)]);
    const result = await store.create(session, [...keys]);
    if (result.created) return result;
  }
  throw new OnRecordError('conflict', `The call ${start.call.key} was started ${maxAttempts} times at once.`, {
    retry: 'safe',
    context: { provider: instance },
  });
}

/** A repeated start is the same start only if it asks for the same recording. */
function sameRequest(known: SessionRecord, context: RecorderContext, start: CheckedStart): SessionRecord {
  const digest = requestDigest({ ...start, provider: context.instance, deployment: context.deployment });
  if (digest === known.requestDigest) return known;
  throw new OnRecordError('conflict', `The idempotency key of session ${known.id} came with another request.`, {
    remedy: 'Use a new key for another recording, and the same request for the same key.',
    context: { sessionId: known.id, idempotencyKey: known.idempotencyKey },
  });
}
