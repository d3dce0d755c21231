import type { Clock } from '@onrecord/core';
import type { DeliveryFaults } from '../delivery-faults.ts';
import {
  type BucketAction,
  type BucketPolicy,
  bucketExists,
  isGranted,
  type ObjectStore,
  WRITING,
} from '../object-store.ts';
import type { Leg } from './leg.ts';
import type { LegRecording } from './leg-recording.ts';
import { type RecordingDestination, recordingKey } from './recording-key.ts';

export interface RecordingsOptions {
  readonly clock: Clock;
  readonly store: ObjectStore;
  readonly bucketPolicy: BucketPolicy;
  readonly faults: DeliveryFaults;
  readonly deliveryDelayMs: number;
  readonly closing: AbortSignal;
}

interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly shortestMs: number;
}

/** The recordings of one call: one per leg, each delivered to S3 once it has ended. No event tells of the delivery. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #transactionId: string;
  readonly #places = new Map<Leg, Place>();

  constructor(transactionId: string, options: RecordingsOptions) {
    this.#transactionId = transactionId;
    this.#options = options;
  }

  /** Whether the bucket exists and lets the voice connector service write. */
  mayWrite(bucket: string): boolean {
    return this.#mayDo(bucket, WRITING);
  }

  /** Whether the bucket exists and lets the voice connector service read prompts. */
  mayRead(bucket: string): boolean {
    return this.#mayDo(bucket, ['s3:GetObject']);
  }

  #mayDo(bucket: string, actions: readonly BucketAction[]): boolean {
    return isGranted(this.#options, bucket, 'voiceconnector.chime.amazonaws.com', actions);
  }

  /**
   * Fixes where the recording of a leg will be, and returns its key.
   * @param time of the key, epoch ms. @param shortestMs a shorter recording leaves no file.
   */
  open(leg: Leg, destination: RecordingDestination, time: number, shortestMs: number): string {
    const key = recordingKey(destination.prefix, time, this.#transactionId, leg.callId);
    this.#places.set(leg, { bucket: destination.bucket, key, shortestMs });
    return key;
  }

  /** Ends the recording of a leg, if it has one that runs, and delivers it later. False where there was none. */
  finish(leg: Leg): boolean {
    const place = this.#places.get(leg);
    if (!place || !leg.recording || leg.recording.stoppedAt !== undefined) return false;
    leg.recording.stop(this.#options.clock.now());
    if (leg.recording.durationMs >= place.shortestMs) void this.#deliver(leg, place.bucket, place.key);
    return true;
  }

  /**
   * Writes the file of a RecordAudio. Resolves when it is there, or false when the bucket refused it. A delivery fault
   * other than `access-denied` is not noticed.
   */
  async uploadMessage(recording: LegRecording, bucket: string, key: string, uploadMs: number): Promise<boolean> {
    const { clock, store, faults, closing } = this.#options;
    const fault = faults.take({ kind: 'sma-message', bucket, key, last: true });
    const put = () =>
      store.put(bucket, key, fault === 'zero-bytes' ? new Uint8Array(0) : recording.render(), {
        contentType: 'audio/wav',
      });
    try {
      await clock.delay(uploadMs, { signal: closing });
      if (fault === 'access-denied' || !this.mayWrite(bucket)) return false;
      if (typeof fault === 'object') clock.delay(fault.delayMs, { signal: closing }).then(put, () => {});
      else if (fault !== 'never') put();
      return true;
    } catch {
      return false; // the simulator was closed
    }
  }

  async #deliver(leg: Leg, bucket: string, key: string): Promise<void> {
    const { clock, store, faults, deliveryDelayMs, closing } = this.#options;
    const { recording } = leg;
    const fault = faults.take({ kind: 'sma-recording', bucket, key, last: true });
    if (!recording || fault === 'never' || fault === 'access-denied') return;
    const late = typeof fault === 'object' ? fault.delayMs : 0;
    try {
      await clock.delay(deliveryDelayMs + late, { signal: closing });
    } catch {
      return; // the simulator was closed
    }
    if (!bucketExists(store, bucket)) return;
    store.put(bucket, key, fault === 'zero-bytes' ? new Uint8Array(0) : recording.render(), {
      contentType: 'audio/wav',
      metadata: {
        'transaction-id': this.#transactionId,
        'call-id': leg.callId,
        'recording-duration': String(Math.round(recording.durationMs / 1000)),
        'recording-audio-file-format': 'audio/wav',
      },
    });
  }
}
