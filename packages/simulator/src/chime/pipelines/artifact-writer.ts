import type { Delivery } from '../delivery-faults.ts';
import type { ChimeEnvironment } from '../environment.ts';
import { isGranted, WRITING } from '../object-store.ts';

/** The bucket refused a file. */
export class AccessDenied extends Error {}

/**
 * Writes one file of a pipeline, faults permitting. @returns whether the object is there
 * @throws AccessDenied when the bucket is gone, closed, or a fault says so
 */
export async function writeArtifact(
  environment: ChimeEnvironment,
  delivery: Delivery,
  bytes: Uint8Array,
  contentType: string,
): Promise<boolean> {
  const { clock, store, deliveryFaults, closing } = environment;
  const { bucket, key } = delivery;
  const fault = deliveryFaults.take(delivery);
  if (fault === 'never') return false;
  if (fault === 'access-denied') throw new AccessDenied(key);
  if (typeof fault === 'object') await clock.delay(fault.delayMs, { signal: closing });
  if (!isGranted(environment, bucket, 'mediapipelines.chime.amazonaws.com', WRITING)) {
    throw new AccessDenied(key);
  }
  store.put(bucket, key, fault === 'zero-bytes' ? new Uint8Array(0) : bytes, { contentType });
  return true;
}
