import type { Clock } from '@onrecord/core';
import type { DeliveryFaults } from './delivery-faults.ts';
import type { SimulatedEventBridge } from './events/event-bridge.ts';
import type { EventOrigin } from './events/event-bridge-event.ts';
import type { BucketPolicy, ObjectStore } from './object-store.ts';

/** One simulated AWS account in one control region: what all Chime services of it share. */
export interface ChimeEnvironment {
  readonly clock: Clock;
  readonly accountId: string;
  /** Of the control endpoint; not the region of a meeting's media. */
  readonly region: string;
  readonly store: ObjectStore;
  readonly bucketPolicy: BucketPolicy;
  readonly eventBridge: SimulatedEventBridge;
  readonly deliveryFaults: DeliveryFaults;
  /** Aborted when the simulator is closed. */
  readonly closing: AbortSignal;
}

export function originNow({ clock, accountId, region }: ChimeEnvironment): EventOrigin {
  return { account: accountId, region, at: clock.now() };
}
