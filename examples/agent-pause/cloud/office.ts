import type { SmaHandler } from '@onrecord/adapter-chime/sma';
import {
  type ChimeOptions,
  type SimulatedChime,
  SimulatedS3,
  type SipMediaApplication,
  startChime,
  tone,
  VirtualClock,
} from '@onrecord/simulator';
import { BUCKET } from '../app/names.ts';
import { AGENT_HZ, AGENT_NUMBER } from './people.ts';

/** Where the function and the web process share their sessions. */
export const SESSIONS_BUCKET = 'sessions';

/** An AWS account on this machine, and an agent with a telephone. Its clock moves as fast as the machine can. */
export interface Office extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  /** Makes `handler` the Lambda function of a SIP media application. */
  open(handler: SmaHandler): SipMediaApplication;
}

/** @param options what goes wrong, or is done otherwise than usual. */
export async function openOffice(options: Partial<ChimeOptions> = {}): Promise<Office> {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: [BUCKET, SESSIONS_BUCKET] });
  const chime = await startChime({ ...options, clock, s3 });
  chime.phone(AGENT_NUMBER, { name: 'agent', source: tone(AGENT_HZ) });
  return {
    clock,
    s3,
    chime,
    open: (handler) => chime.sipMediaApplication((event) => handler(event)),
    [Symbol.asyncDispose]: async () => {
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}
