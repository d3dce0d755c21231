/**
 * Makes the two voices of the demo, `examples/one-workflow/speech/{caller,callee}.wav`, `speech.json`, which says who
 * speaks when, and `notice.wav`, the announcement of workflow.ts for a provider that plays files only. The results are
 * committed: run this only to change what is said.
 *
 *     apt-get install espeak-ng sox
 *     node --conditions=@onrecord/source tools/make-speech.ts
 *
 * Every time in `speech.json` is measured from the synthesised pieces, none is planned: a piece begins at its first and
 * ends at its last sample above −50 dBFS. The card number is a test number of the card networks and belongs to nobody.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readWav, wavBytes } from '@onrecord/core/media';

const RATE = 8000;
const TOTAL_MS = 12_000;
const AUDIBLE = 32_767 * 10 ** (-50 / 20);
const folder = new URL('../examples/one-workflow/speech/', import.meta.url);

type Speaker = 'caller' | 'callee';

const voices: Readonly<Record<Speaker | 'notice', readonly string[]>> = {
  caller: ['-v', 'en-us+m3', '-s', '190', '-p', '35'],
  callee: ['-v', 'en-gb+f4', '-s', '190', '-p', '60'],
  notice: ['-v', 'en-gb+m1', '-s', '180', '-p', '45'],
};

/** In the order they are said; `gapMs` of silence comes before each. */
const script: readonly {
  readonly speaker: Speaker;
  readonly gapMs: number;
  readonly text: string;
  readonly card?: true;
}[] = [
  { speaker: 'callee', gapMs: 100, text: 'Thank you for calling.' },
  { speaker: 'caller', gapMs: 200, text: 'Hello, I would like to pay.' },
  { speaker: 'callee', gapMs: 250, text: 'Please tell me your card number.' },
  {
    speaker: 'caller',
    gapMs: 1200,
    text: '4 1 1 1, 1 1 1 1, 1 1 1 1, 1 1 1 1.',
    card: true,
  },
  { speaker: 'callee', gapMs: 800, text: 'Thank you, goodbye.' },
];

function run(command: string, args: readonly string[], input?: Uint8Array): Uint8Array {
  const result = spawnSync(command, args, { input, maxBuffer: 1 << 26 });
  if (result.error || result.status !== 0) {
    throw new Error(`${command} failed: ${result.error?.message ?? result.stderr.toString()}`);
  }
  return result.stdout;
}

/** One piece of speech at 8 kHz, its peak at −6 dBFS, without the silence around it. */
function speak(speaker: Speaker | 'notice', text: string): Int16Array {
  const synthesised = run('espeak-ng', [...voices[speaker], '--stdout', text]);
  const telephone = ['-t', 'wav', '-', '-D', '-b', '16', '-c', '1', '-t', 'wav', '-'];
  const wav = run('sox', [...telephone, 'rate', String(RATE), 'highpass', '150', 'gain', '-n', '-6'], synthesised);
  const samples = readWav(wav).channels[0] ?? new Int16Array(0);
  const first = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
  const last = samples.findLastIndex((sample) => Math.abs(sample) > AUDIBLE);
  return samples.slice(first, last + 1);
}

const milliseconds = (samples: number): number => Math.round((samples * 1000) / RATE);

const tracks: Readonly<Record<Speaker, Int16Array>> = {
  caller: new Int16Array((TOTAL_MS * RATE) / 1000),
  callee: new Int16Array((TOTAL_MS * RATE) / 1000),
};
let at = 0;
const turns = script.map(({ speaker, gapMs, text, card }) => {
  const samples = speak(speaker, text);
  const from = at + (gapMs * RATE) / 1000;
  at = from + samples.length;
  if (at > tracks[speaker].length)
    throw new Error(`The conversation is longer than ${TOTAL_MS} ms: ${milliseconds(at)} ms`);
  tracks[speaker].set(samples, from);
  return { speaker, fromMs: milliseconds(from), toMs: milliseconds(at), text, ...(card ? { card } : {}) };
});
const cardTurn = turns.find((turn) => turn.card);
if (!cardTurn) throw new Error('Nobody reads a card number');

for (const speaker of ['caller', 'callee'] as const) {
  writeFileSync(new URL(`${speaker}.wav`, folder), wavBytes({ sampleRate: RATE, channels: [tracks[speaker]] }));
}
const notice = speak('notice', 'This call is recorded.');
writeFileSync(new URL('notice.wav', folder), wavBytes({ sampleRate: RATE, channels: [notice] }));
const facts = {
  sampleRate: RATE,
  durationMs: TOTAL_MS,
  cardNumber: '4111 1111 1111 1111',
  cardFromMs: cardTurn.fromMs,
  cardToMs: cardTurn.toMs,
  turns,
};
writeFileSync(new URL('speech.json', folder), `${JSON.stringify(facts, null, 2)}\n`);
console.log(`Spoken until ${milliseconds(at)} ms; the card number from ${facts.cardFromMs} to ${facts.cardToMs} ms.`);
