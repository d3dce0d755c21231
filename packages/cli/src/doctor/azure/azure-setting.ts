import type { AzureProfile } from '@onrecord/adapter-azure';
import type { Clock, JsonObject, RecordingDriver, StorageDriver } from '@onrecord/core';

/** What is looked at of one provider of the type `azure`. */
export interface AzureSetting {
  /** Beginning of the ids of checks: `providers.main`. */
  readonly id: string;
  readonly driver: RecordingDriver;
  /** Its options as in the configuration, with secrets filled in: never to be shown. */
  readonly options: JsonObject;
  readonly profile: AzureProfile;
  /** The landing store; undefined where none is configured or it cannot be opened. */
  readonly landing: StorageDriver | undefined;
  readonly publicUrl: string | undefined;
  readonly clock: Clock;
  /** A fresh deadline for one question. */
  readonly deadline: () => AbortSignal;
}

/** A member that is an object, or an empty one. */
export function sectionOf(options: JsonObject, name: string): JsonObject {
  const value = options[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
