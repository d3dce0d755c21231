import type { Capabilities } from '@onrecord/core';
import { type SmaOutputs, smaOutputs } from './outputs.ts';

/**
 * What a SIP media application can do, for the Lambda function and for {@link chimeSma} alike. `commandPlane` says how a
 * command of the driver travels: as a request, UpdateSipMediaApplicationCall. What it asks for is done by the answer of
 * the function, and proven by the invocation after that: `confirms` is `turn` throughout.
 *
 * The service keeps no list and knows no token, but the function executes a command id once per call and answers a
 * retried invocation with the same bytes, so a start whose answer was lost is sent again: `lookup` is `token`.
 *
 * A leg takes one start and one stop; a pause is silence with a tone at its beginning and end, and is billed.
 */
export const chimeSmaCapabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['chime.sma-leg'],
  outputs: smaOutputs as SmaOutputs,
  pause: { effects: ['silence'], fidelity: 'native', startPaused: false },
  discard: false,
  announce: { fidelity: 'native', sources: ['text', 'ssml', 'file'], on: ['chime.sma-leg'] },
  starts: { scope: 'leg', concurrent: 1, total: 1 },
  confirms: { start: ['turn'], pause: ['turn'], resume: ['turn'], stop: ['turn'] },
  commandPlane: 'direct',
  custody: 'landing',
  lookup: 'token',
  status: false,
} as const;

type Checked<C extends Capabilities> = C;

export type ChimeSmaCapabilities = Checked<typeof chimeSmaCapabilities>;
