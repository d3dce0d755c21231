import { createSmaHandler, type SmaHandler } from '@onrecord/adapter-chime/sma';
import type { Clock, SessionStore } from '@onrecord/core';
import { callFlow } from './call-flow.ts';
import { flow } from './flow.ts';
import { BUCKET, DEPLOYMENT, INSTANCE } from './names.ts';

export interface FunctionOptions {
  /** The store of the button's process. */
  readonly store: SessionStore;
  /** E.164. */
  readonly agentNumber: string;
  readonly clock?: Clock | undefined;
}

/** The Lambda function of the SIP media application. */
export function agentFunction({ store, agentNumber, clock }: FunctionOptions): SmaHandler {
  return createSmaHandler({
    store,
    flow,
    ivr: callFlow(agentNumber),
    landing: { bucket: BUCKET },
    deployment: DEPLOYMENT,
    provider: INSTANCE,
    archive: { mode: 'copy' },
    clock,
  });
}
