import { createSmaHandler, type SmaHandler } from '@onrecord/adapter-chime/sma';
import type { Clock, Logger, SessionStore } from '@onrecord/core';
import { callFlow, type NoteCaller } from './call-flow.ts';
import { flow } from './flow.ts';
import { BUCKET, DEPLOYMENT, INSTANCE } from './names.ts';

export interface FunctionOptions {
  /** The store of the worker. */
  readonly store: SessionStore;
  readonly noteCaller: NoteCaller;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}

/** The Lambda function of the SIP media application. */
export function voicemailFunction({ store, noteCaller, clock, logger }: FunctionOptions): SmaHandler {
  return createSmaHandler({
    store,
    flow,
    ivr: callFlow(noteCaller),
    landing: { bucket: BUCKET, prefix: 'messages' },
    deployment: DEPLOYMENT,
    provider: INSTANCE,
    archive: { mode: 'move' },
    clock,
    logger,
  });
}
