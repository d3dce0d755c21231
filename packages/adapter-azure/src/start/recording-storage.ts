import type { RecordingStorage } from '@azure/communication-call-automation';
import { type StartPlan, unknownMembers } from '@onrecord/core';
import type { Problem } from '../config/problem.ts';
import type { RecordingStorageConfig } from '../config/recording-storage.ts';
import { isObject } from '../json-reader.ts';
import { ownPlaceUri } from '../own-container.ts';
import { locationBelow, locationProblem, placeProblem } from './blob-location.ts';
import type { StartProblems } from './problems.ts';

/** Where one recording goes, other than the configuration says. */
export type StorageChoice =
  /** The service's own storage, for 24 hours. */
  | 'service'
  /** A place below the configured container, e.g. `tenant-a/2026`. Never personal data: it stands in URLs and events. */
  | { readonly location: string };

/** The choice; else undefined and a problem. */
export function readStorageChoice(given: unknown, path: string, problems: Problem[]): StorageChoice | undefined {
  if (given === 'service') return given;
  if (!isObject(given)) {
    problems.push({ path, message: "Must be 'service' or { location }." });
    return undefined;
  }
  const vendor = ['recordingDestinationContainerUrl', 'containerUrl'].find((name) => name in given);
  if (vendor !== undefined || 'recordingStorageKind' in given) {
    const message =
      'The container belongs in the options of the provider: recordingStorage: { containerUrl }. A start takes { location } below it.';
    problems.push({ path: vendor === undefined ? path : `${path}.${vendor}`, message });
    return undefined;
  }
  problems.push(...unknownMembers(given, ['location'], path));
  const { location } = given;
  const message = typeof location === 'string' ? locationProblem(location) : 'Must be text.';
  if (message !== undefined) problems.push({ path: `${path}.location`, message });
  return typeof location === 'string' && message === undefined ? { location } : undefined;
}

/** Where a recording goes, in a container of our own. */
export interface PlannedStorage {
  /** What the request says of it. */
  readonly request: RecordingStorage;
  /** How the addresses of its files begin, and of no others; undefined where recordings share a place. */
  readonly place: string | undefined;
}

/** Where a recording goes; undefined where the service's own storage is meant. The same for every repetition of a start. */
export function storageOf(
  choice: StorageChoice | undefined,
  config: RecordingStorageConfig | undefined,
  { output, correlation }: Pick<StartPlan, 'output' | 'correlation'>,
  problems: StartProblems,
): PlannedStorage | undefined {
  if (choice === 'service') return undefined;
  if (!config) {
    problems.invalid.push(...placeless(choice));
    return undefined;
  }
  if (output.container === 'mp3' && config.mp3 === 'refuse') {
    problems.unsupported.push({ path: 'output', message: whyNoMp3 });
  }
  const shared = choice ? locationBelow(config.container, choice.location) : config.container;
  const url = config.perRecording ? locationBelow(shared, correlation) : shared;
  const message = placeProblem(url);
  if (message !== undefined) {
    problems.invalid.push({ path: 'providerOptions.recordingStorage.location', message });
  }
  return {
    request: { recordingStorageKind: 'azureBlobStorage', recordingDestinationContainerUrl: url.href },
    place: config.perRecording ? ownPlaceUri(url) : undefined,
  };
}

/** What is wrong with a choice where no container is configured. */
export function placeless(choice: StorageChoice | undefined): readonly Problem[] {
  if (choice === undefined || choice === 'service') return [];
  const message = 'There is no container to be below: recordingStorage of the provider is not configured.';
  return [{ path: 'providerOptions.recordingStorage.location', message }];
}

/** What `recordingStorage.mp3: 'attempt'` overrules. */
const whyNoMp3 =
  'MP3 is not recorded into the container, as recordingStorage.mp3 of the provider says: Microsoft shows WAV and MP4 ' +
  "there. Record one of those, or choose recordingStorage: 'service' for this start.";
