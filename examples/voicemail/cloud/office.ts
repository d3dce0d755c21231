import { wavBytes } from '@onrecord/core/media';
import { type ChimeOptions, type SimulatedChime, SimulatedS3, startChime, VirtualClock } from '@onrecord/simulator';
import { BUCKET, GREETING } from '../app/names.ts';
import { GREETING_HZ, GREETING_MS, samples } from './callers.ts';

/** Where the function and the worker share their sessions. */
export const SESSIONS_BUCKET = 'sessions';

/** An AWS account on this machine. Its clock moves as fast as the machine can. */
export interface Office extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
}

/** @param options what goes wrong, or is done otherwise than usual. */
export async function openOffice(options: Partial<ChimeOptions> = {}): Promise<Office> {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: [BUCKET, SESSIONS_BUCKET] });
  const chime = await startChime({ ...options, clock, s3 });
  const greeting = wavBytes({ sampleRate: 8_000, channels: [samples(GREETING_HZ, GREETING_MS)] });
  s3.put(BUCKET, GREETING.slice(`s3://${BUCKET}/`.length), greeting, { contentType: 'audio/wav' });
  return {
    clock,
    s3,
    chime,
    [Symbol.asyncDispose]: async () => {
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}
