import type { ActionContext } from '../action.ts';
import type { KeyReader } from '../keypad.ts';
import type { Prompt } from '../prompt.ts';

/**
 * Lets the leg hear a prompt to its end, or to the key for which `cuts` answers true; resolves with the keys pressed
 * meanwhile. An interruption ends the sound too.
 */
export async function playPrompt(
  { clock, leg, signal }: ActionContext,
  prompt: Prompt,
  keys?: { readonly reader: KeyReader; readonly cuts: (key: string) => boolean },
): Promise<readonly string[]> {
  const sound = leg.audio.addPrompt(clock.now(), prompt.source);
  const end = clock.monotonic() + prompt.durationMs;
  const pressed: string[] = [];
  try {
    if (!keys) await clock.delay(prompt.durationMs, { signal });
    while (keys) {
      const key = await keys.reader.next(Math.max(0, end - clock.monotonic()), signal);
      if (key === undefined) break;
      pressed.push(key);
      if (keys.cuts(key)) break;
    }
    return pressed;
  } finally {
    sound.toMs = clock.now();
  }
}
