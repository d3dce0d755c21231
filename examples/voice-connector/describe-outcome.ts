import type { Outcome } from './simulated-account.ts';

/** What came of the calls, for people. */
export function describeOutcome(outcome: Outcome): string {
  if (outcome.length === 0) return 'no call was recorded';
  return outcome
    .map(({ transactionId, snapshot }) => {
      const { state, endReason, verdict, artifacts } = snapshot;
      const files = artifacts.map(
        ({ role, state: where, durationMs, location }) =>
          `  ${role} ${where}${durationMs === undefined ? '' : `, ${durationMs / 1000} s`}: ${location}`,
      );
      return [`call ${transactionId}: ${state} (${endReason ?? 'not over'}), recording ${verdict}`, ...files].join(
        '\n',
      );
    })
    .join('\n');
}
