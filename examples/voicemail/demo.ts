/** `npm run example:voicemail` */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeMessages } from './take-messages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { messages } = await takeMessages(`${root}out/voicemail`);

console.log(`${messages.length} messages`);
for (const { from = 'unknown', leftAt, durationMs = 0, endedBy, state, location } of messages) {
  const length = `${(durationMs / 1_000).toFixed(1)} s`.padStart(6);
  const file = location === undefined ? `no file: ${state}` : relative(process.cwd(), fileURLToPath(location));
  console.log(`${leftAt.slice(11, 19)}  ${from}  ${length}  ${endedBy.padEnd(15)}  ${file}`);
}
process.exitCode = messages.every(({ state }) => state === 'completed') ? 0 : 1;
