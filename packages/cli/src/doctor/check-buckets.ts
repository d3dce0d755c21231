import type { JsonObject } from '@onrecord/core';
import type { Check } from './check.ts';

/** Looks at the buckets that a provider of AWS writes to. */
export async function* checkBuckets(
  _id: string,
  _type: string,
  _provider: JsonObject,
  _options: { readonly accountId?: string | undefined; readonly signal: AbortSignal },
): AsyncGenerator<Check> {}
