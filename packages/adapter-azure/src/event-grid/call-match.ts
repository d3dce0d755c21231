import type { Json, PartTarget, PartTimes, Report } from '@onrecord/core';
import { amountAt, type Incoming, objectAt, textAt, timeOf } from '../json-reader.ts';
import { callKey } from '../provider-keys.ts';

/**
 * How far the clocks of the service and of this machine may be apart, with what a start takes to take effect: a choice, for
 * no page states either. Two recordings of one call that began closer together are told apart by nobody.
 */
const toleranceMs = 2 * 60_000;

const startedAt = 'recordingStartedAt';
const durationMs = 'recordingDurationMs';
const serverCall = 'serverCallId';

/** When the recording of a file event began and how long it is, as far as that is told: what it can be known by without an id. */
export function spanFacts(event: Incoming): { readonly [name: string]: Json } {
  const data = objectAt(event, 'data');
  const at = timeOf(textAt(data, 'recordingStartTime'));
  const lasts = amountAt(data, 'recordingDurationMs');
  return at === undefined ? {} : { [startedAt]: at, ...(lasts === undefined ? {} : { [durationMs]: lasts }) };
}

/** The call of a recording, as its callbacks name it. */
export function callFact(serverCallId: string | undefined): { readonly facts?: { readonly [name: string]: Json } } {
  return serverCallId === undefined ? {} : { facts: { [serverCall]: serverCallId } };
}

/**
 * The subject of an event that names a call and no recording. A call has one recording at a time, so call and beginning
 * name it; which session that is shows only in its times.
 */
export function callSubject(serverCallId: string, event: Incoming): Report['subject'] {
  const sharedKey = callKey('server-call', serverCallId);
  const at = spanFacts(event)[startedAt];
  return typeof at === 'string' ? { providerKey: `${sharedKey}@${at}`, sharedKey } : { providerKey: sharedKey };
}

/** See `RecordingDriver.sharedKeys`. Of an id of the call's only its serverCallId is known to stand in file events. */
export function sharedKeysOf({ call, facts = {} }: PartTarget): readonly string[] {
  const own = textAt(call.data, serverCall) ?? (call.kind === 'azure.server-call' ? call.key : undefined);
  return [...new Set([own, textAt(facts, serverCall)])].flatMap((id) =>
    id === undefined ? [] : [callKey('server-call', id)],
  );
}

/**
 * Whether a recording that began and ended when the event says can be that of the part: it began after the start was sent
 * and before it was seen to run, and was over when the part was, each to within two minutes.
 */
export function isAbout({ output }: PartTarget, { sentAt, begunBy, endedAt }: PartTimes, { seen }: Report): boolean {
  const facts = seen.facts ?? {};
  const began = Date.parse(textAt(facts, startedAt) ?? '');
  if (Number.isNaN(began)) return false;
  const isBefore = (at: number, limit: string | undefined) =>
    limit === undefined || at <= Date.parse(limit) + toleranceMs;
  const isOther = seen.media?.some(
    ({ role, container = output.container }) => role === 'master' && container !== output.container,
  );
  return (
    !isOther &&
    began >= Date.parse(sentAt) - toleranceMs &&
    isBefore(began, begunBy) &&
    isBefore(began + (amountAt(facts, durationMs) ?? 0), endedAt)
  );
}
