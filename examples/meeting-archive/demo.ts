/** Records a simulated meeting three times: with a service that does its work, and twice with one that does not. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeArchive } from './describe-archive.ts';
import { faults } from './faults.ts';
import { simulateMeeting } from './simulated-meeting.ts';

const out = join('out', 'meeting-archive');
await rm(out, { recursive: true, force: true });
for (const { name, goWrong, story } of faults) {
  console.log(`\n== ${story}\n`);
  const outcome = await simulateMeeting(join(out, name), goWrong);
  console.log(describeArchive(outcome));
  if (outcome.record.snapshot.verdict !== 'present') process.exitCode = 1;
}
