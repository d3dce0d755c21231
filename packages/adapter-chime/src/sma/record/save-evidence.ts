import { timestamp } from '@onrecord/core';
import type { Within } from '../flow/ask-workflow.ts';
import type { SmaHost } from '../host.ts';
import type { Evidence } from '../turn/state.ts';

/** As long as a recorder keeps what it announced. */
const keptForMs = 90 * 24 * 3_600_000;

/** Writes down what was announced; returns what the store did not take in time. */
export async function saveEvidence(
  { store }: SmaHost,
  evidence: readonly Evidence[],
  now: number,
  within: Within,
): Promise<readonly Evidence[]> {
  const taken = await Promise.all(
    evidence.map(({ id, call, digest, at }) =>
      within(() => store.remember(`announcement/${id}`, { call, digest, at }, timestamp(now + keptForMs))),
    ),
  );
  return evidence.filter((_, index) => !('value' in taken[index]!));
}
