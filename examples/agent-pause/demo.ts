/** `npm run example:agent-pause` */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordCall } from './call.ts';
import { CALLER_HZ, CARD_HZ } from './cloud/people.ts';
import { heardSpans } from './measure.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`.padStart(7);

const { moments, path, wav } = await recordCall(`${root}out/agent-pause`);
console.log('The call');
for (const { atMs, what, state } of moments) console.log(`${seconds(atMs)}  ${what.padEnd(26)} → ${state}`);

console.log(`\nThe file: ${relative(process.cwd(), path)}`);
for (const { fromMs, toMs, heard } of heardSpans(wav, 0, CALLER_HZ)) {
  console.log(`${seconds(fromMs)} to ${seconds(toMs)}  the caller is ${heard ? 'heard' : 'silenced'}`);
}

const secret = [0, 1].some((channel) => heardSpans(wav, channel, CARD_HZ).some(({ heard }) => heard));
console.log(`\nThe card number is ${secret ? 'IN THE FILE' : 'nowhere in it'}.`);
process.exitCode = secret ? 1 : 0;
