import { type DriverContext, type Outcome, type PartTarget, type Report, type Seen, timestamp } from '@onrecord/core';
import { classifyAwsError } from '../../aws/classify-error.ts';
import type { ChunkSource } from '../chunks/chunk-source.ts';
import type { MeetingClients } from '../client.ts';
import type { ChimeMeetingConfig } from '../config.ts';
import type { PartFacts } from './facts.ts';
import type { Note } from './notes.ts';
import type { ConcatenationSlots } from './slots.ts';

export interface FinalStep {
  readonly stepId: string;
  readonly token: string;
}

/** Observation of a step of the concatenation, as a report is made of it. */
export type Observe = (name: string, seen: Seen) => Report;

/** What making the file of a part needs. */
export interface FinalWork {
  readonly clients: MeetingClients;
  readonly bucket: ChunkSource;
  readonly slots: ConcatenationSlots;
  readonly config: ChimeMeetingConfig;
  readonly part: PartTarget;
  readonly facts: PartFacts;
  readonly step: FinalStep;
  readonly observe: Observe;
  readonly context: DriverContext;
}

/** The worker comes again, with what was learnt. */
export function later(reports: readonly Report[] = []): Outcome {
  return { kind: 'accepted', reports };
}

export function reportNotes(observe: Observe, notes: readonly Note[]): readonly Report[] {
  return notes.map(({ name, code, message }) => observe(`note/${name}`, { anomaly: { code, message } }));
}

/** What begins the next attempt. */
export function nextAttempt(attempt: number): NonNullable<Seen['facts']> {
  return {
    concatenationId: null,
    concatenationSince: null,
    concatenationDone: null,
    concatenationAttempt: attempt + 1,
  };
}

/** What the bucket says; `unread` when it may not be read, `later` while it cannot be. */
export type Looked<T> =
  | { readonly kind: 'seen'; readonly value: T }
  | { readonly kind: 'unread'; readonly note: Note }
  | { readonly kind: 'later'; readonly outcome: Outcome };

/** Looks into the bucket. That it cannot be read ends no recording: the service may do its work all the same. */
export async function look<T>(work: FinalWork, see: () => Promise<T>): Promise<Looked<T>> {
  const { observe, facts, part, config, context } = work;
  try {
    return { kind: 'seen', value: await see() };
  } catch (error) {
    if (context.signal.aborted) throw error;
    const { code, retry } = classifyAwsError(error, 'safe');
    const nowMs = context.clock.now();
    const { unreadSinceMs = nowMs } = facts;
    if (retry === 'safe' && nowMs - unreadSinceMs < config.concatenation.resultWithinMs) {
      const since = observe('unread', { facts: { bucketUnread: timestamp(unreadSinceMs) } });
      return { kind: 'later', outcome: later([since]) };
    }
    const message = `The chunks of ${part.partId} in bucket ${config.bucket} cannot be read (${code}): its file is not compared with them.`;
    return { kind: 'unread', note: { name: 'unread', code: 'broken-off', message } };
  }
}
