/** Runs one server until it is told to end (Ctrl-C): `npm run asterisk -- [22|16] [--sip]`. For trying things out by hand. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startAsterisk } from './start-asterisk.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { sip: { type: 'boolean', default: false } },
});
const [major = '22'] = positionals;
if (major !== '22' && major !== '16') throw new Error(`there is no ${major} here, only 22 and 16`);

await using server = await startAsterisk({ suite: `asterisk-${major}`, sip: values.sip });
console.log(`Asterisk ${server.version}, process ${server.pid}, state in ${server.state}`);
console.log(`url       ${server.url}`);
console.log(`username  ${server.username}`);
console.log(`password  ${server.password}   (made for this run)`);
if (values.sip) console.log(`SIP       127.0.0.1:${server.sipPort}; 440 rings a party that speaks 440 Hz`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), server.exited]);
