import type { SmaEvent } from '../event/sma-event.ts';

/** What {@link chimeSma} writes into the arguments of UpdateSipMediaApplicationCall; the function reads it here. */
export interface UpdateRequest {
  /** Command id, or announcement id. */
  readonly onrecord: string;
  readonly op: 'start' | 'pause' | 'resume' | 'stop' | 'announce';
  readonly session?: string | undefined;
  readonly call: string;
  /** `media/layout/container`, with a start. */
  readonly output?: string | undefined;
  /** JSON: with a start of a message, its options. */
  readonly message?: string | undefined;
  /** JSON, with an announcement. */
  readonly announcement?: string | undefined;
}

const operations: readonly string[] = ['start', 'pause', 'resume', 'stop', 'announce'];

/** The request in a CALL_UPDATE_REQUESTED event; undefined when it is the user's own. */
export function readUpdate(event: SmaEvent): UpdateRequest | undefined {
  const given: unknown = event.ActionData?.Parameters?.['Arguments'];
  if (typeof given !== 'object' || given === null) return undefined;
  const { onrecord, op, session, call, output, message, announcement } = given as { readonly [name: string]: unknown };
  if (typeof onrecord !== 'string' || typeof op !== 'string' || !operations.includes(op)) return undefined;
  if (typeof call !== 'string' || (op !== 'announce' && typeof session !== 'string')) return undefined;
  return {
    onrecord,
    op: op as UpdateRequest['op'],
    call,
    ...(typeof session === 'string' ? { session } : {}),
    ...(typeof output === 'string' ? { output } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof announcement === 'string' ? { announcement } : {}),
  };
}

/** The request as arguments: at most 20 pairs of strings. */
export function writeUpdate(request: UpdateRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}
