/** A call through a simulated Voice Connector that records itself, several times: as it should be, and in trouble. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeOutcome } from './describe-outcome.ts';
import { simulateCall } from './simulated-account.ts';
import { troubles } from './troubles.ts';

const out = join('out', 'voice-connector');
await rm(out, { recursive: true, force: true });
for (const trouble of troubles) {
  console.log(`\n== ${trouble.story}\n`);
  const outcome = await simulateCall(join(out, trouble.name), trouble);
  console.log(describeOutcome(outcome));
  // Whatever happens, there is exactly one session: a recording that is missing is known to be.
  if (outcome.length !== 1) process.exitCode = 1;
}
