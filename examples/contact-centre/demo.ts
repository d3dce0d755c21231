/** `npm run example:contact-centre` */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWav, toneLevel } from '@onrecord/core/media';
import { recordCall } from './call.ts';
import { CARD_HZ, MUSIC_HZ } from './cloud/people.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`.padStart(7);

const { moments, path, wav, snapshot, noticeId } = await recordCall(`${root}out/contact-centre`);
if (path === undefined || wav === undefined) throw new Error('no file was archived');
console.log('The call');
for (const { atMs, what, state } of moments) console.log(`${seconds(atMs)}  ${what.padEnd(34)} → ${state}`);

const { channels, sampleRate } = readWav(wav);
console.log(
  `\nThe file: ${relative(process.cwd(), path)}, ${seconds(((channels[0]?.length ?? 0) / sampleRate) * 1_000).trim()}`,
);
const master = snapshot?.artifacts.find(({ role }) => role === 'master');
for (const { channel, participant } of master?.tracks ?? []) console.log(`  channel ${channel}: ${participant}`);
console.log(`Consent: notice ${noticeId}`);
console.log(
  `Azure's copy: ${master?.released?.outcome} at ${master?.released?.at}, request ${master?.released?.requestId}`,
);

const heard = (hertz: number) => channels.some((samples) => toneLevel(samples, sampleRate, hertz) > -60);
const leaked = heard(CARD_HZ) || heard(MUSIC_HZ);
console.log(
  `\nThe card number is ${heard(CARD_HZ) ? 'IN THE FILE' : 'nowhere in it'}, and ${heard(MUSIC_HZ) ? 'SO IS' : 'neither is'} the music.`,
);
process.exitCode = leaked ? 1 : 0;
