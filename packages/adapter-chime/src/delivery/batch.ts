import { OnRecordError, type Parsed } from '@onrecord/core';

/** Largest batch that a Lambda function is handed, in bytes. */
export const maxBatchBytes: number = 6 * 1024 * 1024;

/** Messages in messages: SNS in SQS in a Lambda invocation, and one to spare. */
const maxWraps = 4;

/**
 * The messages of a list, or of the batch of a queue or topic that a Lambda function was handed; undefined for a message by
 * itself.
 *
 * @param isOne tells a message that looks like a batch and is not to be taken apart.
 */
export function messagesIn(
  message: unknown,
  isOne: (message: unknown) => boolean = () => false,
  wraps: number = maxWraps,
): readonly unknown[] | undefined {
  if (wraps === 0) return undefined;
  const list = Array.isArray(message) ? (message as readonly unknown[]) : queued(message);
  if (!list || isOne(message)) return undefined;
  return list.flatMap((one) => messagesIn(one, isOne, wraps - 1) ?? [one]);
}

/** Parses messages one after the other. In a batch one that makes no sense is counted, and keeps none of the others. */
export async function parseEach(
  messages: readonly unknown[],
  parseOne: (message: unknown) => Promise<Parsed>,
): Promise<Parsed> {
  const all: Parsed[] = [];
  for (const one of messages) all.push(await parseOne(one).catch(countMalformed));
  return {
    reports: all.flatMap(({ reports }) => reports),
    calls: all.flatMap(({ calls }) => calls),
    adopt: all.flatMap(({ adopt = [] }) => adopt),
    unhandled: all.reduce((sum, { unhandled }) => sum + unhandled, 0),
  };
}

/** `Records[].body` of SQS, and `Records[].Sns.Message`. */
function queued(message: unknown): readonly unknown[] | undefined {
  const { Records: records } = (message ?? {}) as { readonly Records?: unknown };
  if (!Array.isArray(records)) return undefined;
  const bodies = (records as readonly unknown[]).map((record) => {
    const { body, Sns } = (record ?? {}) as { readonly body?: unknown; readonly Sns?: { readonly Message?: unknown } };
    return body ?? Sns?.Message;
  });
  return bodies.some((body) => typeof body === 'string') ? bodies.map(parseText) : undefined;
}

function parseText(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

function countMalformed(error: unknown): Parsed {
  if (OnRecordError.is(error, 'invalid-request')) return { reports: [], calls: [], unhandled: 1 };
  throw error;
}
