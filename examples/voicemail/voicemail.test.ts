import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWav, toneLevel, toneWindows } from '@onrecord/core/media';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from './app/mailbox.ts';
import { CALLERS, type Caller, GREETING_HZ } from './cloud/callers.ts';
import { type TakenMessages, takeMessages } from './take-messages.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voicemail-'));
});
afterEach(() => rm(folder, { recursive: true }));

const QUICK: Caller = { number: '+15550101', hertz: 440, talkMs: 2_000, ends: 'press #' };
const silentLogger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function soundOf({ location }: Message): Promise<Int16Array> {
  const { channels, sampleRate } = readWav(await readFile(fileURLToPath(location ?? '')));
  expect({ sampleRate, channels: channels.length }).toEqual({ sampleRate: 8_000, channels: 1 });
  return channels[0]!;
}

/** From when to when a tone is heard in a file, ms. */
function heard(samples: Int16Array, hertz: number): { readonly fromMs: number; readonly toMs: number } {
  const loud = toneWindows(samples, 8_000, hertz, { windowMs: 20 }).filter(({ dbfs }) => dbfs > -50);
  return { fromMs: loud[0]?.fromMs ?? 0, toMs: loud.at(-1)?.toMs ?? 0 };
}

function spoken({ invocations }: TakenMessages): readonly string[] {
  return invocations.flatMap(({ answer }) => {
    const { Actions = [] } = (answer ?? {}) as {
      readonly Actions?: readonly { readonly Parameters: { readonly Text?: string } }[];
    };
    return Actions.flatMap(({ Parameters }) => Parameters.Text ?? []);
  });
}

describe('a voicemail', () => {
  test('archives what each caller says by RecordAudio, and lists it with its measured length', async () => {
    const taken = await takeMessages(folder);
    const { messages } = taken;
    expect(messages.map(({ from, endedBy, state }) => [from, endedBy, state])).toEqual([
      ['+15550101', 'key #', 'completed'],
      ['+15550102', 'silence', 'completed'],
      ['+15550103', 'hang-up', 'completed'],
      ['+15550104', 'greatest length', 'completed'],
    ]);
    // The key sounds for 100 ms; silence is three seconds; a hang-up comes half a second after the last word.
    const expectedMs = [500 + 6_000 + 500 + 100, 500 + 4_000 + 3_000, 500 + 3_000 + 500, 20_000];
    for (const [index, message] of messages.entries()) {
      const samples = await soundOf(message);
      const { hertz, talkMs } = CALLERS[index]!;
      expect(message.durationMs).toBe(samples.length / 8);
      expect(Math.abs(samples.length / 8 - expectedMs[index]!)).toBeLessThanOrEqual(20);
      const { fromMs, toMs } = heard(samples, hertz);
      expect(Math.abs(fromMs - 500)).toBeLessThanOrEqual(40);
      expect(Math.abs(toMs - Math.min(500 + talkMs, 20_000))).toBeLessThanOrEqual(40);
      for (const other of CALLERS) {
        if (other.hertz !== hertz) expect(toneLevel(samples, 8_000, other.hertz)).toBeLessThan(-50);
      }
      expect(toneLevel(samples, 8_000, GREETING_HZ)).toBeLessThan(-50);
    }
    // Moved, not copied: nothing is left where the service put it.
    expect(taken.landed).toEqual([]);
    expect(spoken(taken).filter((text) => text.startsWith('Thank you'))).toHaveLength(3);
  });

  test('hears the terminator that ended a message', async () => {
    const { messages } = await takeMessages(folder, { callers: [QUICK] });
    const samples = await soundOf(messages[0]!);
    for (const hertz of [941, 1_477]) expect(toneLevel(samples.subarray(-800), 8_000, hertz)).toBeGreaterThan(-20);
  });

  test('takes none from who hangs up during the greeting', async () => {
    const { messages, invocations } = await takeMessages(folder, {
      callers: [{ ...QUICK, talkMs: -1_500, ends: 'hang up' }],
    });
    expect(messages).toEqual([]);
    expect(invocations.map(({ event }) => event.InvocationEventType)).toEqual(['NEW_INBOUND_CALL', 'HANGUP']);
  });
});

describe('what goes wrong', () => {
  test('a greeting that cannot be played: nothing is recorded of who was not told', async () => {
    const taken = await takeMessages(folder, {
      callers: [QUICK].map(({ ends: _, ...caller }) => caller),
      chime: { bucketPolicy: () => false },
      logger: silentLogger,
    });
    expect(taken.messages).toEqual([]);
    expect(spoken(taken)).toEqual(['Sorry, no message can be left right now. Please call again.']);
  });

  test('a message that the bucket refuses is listed as failed, and the caller is told', async () => {
    const taken = await takeMessages(folder, {
      callers: [QUICK],
      prepare: (chime) => chime.deliveryFaults.next({ match: 'sma-message', fault: 'access-denied' }),
      logger: silentLogger,
    });
    expect(taken.messages).toMatchObject([{ state: 'failed', endedBy: 'storage-error', location: undefined }]);
    expect(spoken(taken)).toEqual(['Sorry, no message can be left right now. Please call again.']);
  });

  test('a hang-up that the service reports of nothing else: the file is found all the same', async () => {
    const { messages } = await takeMessages(folder, {
      callers: [{ ...QUICK, ends: 'hang up' }],
      chime: { sma: { recordAudio: { hungUpReport: 'nothing' } } },
    });
    expect(messages).toMatchObject([{ state: 'completed', endedBy: 'hang-up', durationMs: 3_000 }]);
    const { toMs } = heard(await soundOf(messages[0]!), QUICK.hertz);
    expect(Math.abs(toMs - 2_500)).toBeLessThanOrEqual(40);
  });
});
