import { unknownMembers } from '@onrecord/core';
import { isObject } from '../json-reader.ts';
import { readContainerUrl } from '../start/blob-location.ts';
import type { AzureOptions } from './options.ts';
import type { Problem } from './problem.ts';

/** A Blob container of the user's into which recordings go. */
export interface RecordingStorageConfig {
  /** Of the container or a location inside it, without a slash at the end. */
  readonly container: URL;
  readonly mp3: 'refuse' | 'attempt';
  /** Each recording goes to a place of its own below it. */
  readonly perRecording: boolean;
}

/** How starts are sent, beyond whose calls they are. */
export interface StartConfig {
  readonly recordingStorage: RecordingStorageConfig | undefined;
  readonly rooms: 'refuse' | 'attempt';
}

export function resolveStarts(
  { profile, recordingStorage: given, rooms = 'refuse' }: AzureOptions,
  problems: Problem[],
): StartConfig {
  checkAttempt(rooms, 'rooms', problems);
  if (rooms === 'attempt' && profile === 'teams-phone') {
    problems.push({ path: 'rooms', message: 'Belongs to the profile acs-standalone: Teams Phone has no rooms.' });
  }
  if (given === undefined) return { rooms, recordingStorage: undefined };
  const path = 'recordingStorage';
  if (!isObject(given)) {
    problems.push({ path, message: 'Must be an object with containerUrl.' });
    return { rooms, recordingStorage: undefined };
  }
  problems.push(...unknownMembers(given, ['containerUrl', 'mp3', 'perRecording'], path));
  const { containerUrl, mp3 = 'attempt', perRecording = true } = given;
  checkAttempt(mp3, `${path}.mp3`, problems);
  if (typeof perRecording !== 'boolean') {
    problems.push({ path: `${path}.perRecording`, message: 'Must be true or false.' });
  }
  const container = readContainerUrl(containerUrl, `${path}.containerUrl`, problems);
  return { rooms, recordingStorage: container && { container, mp3, perRecording } };
}

function checkAttempt(value: unknown, path: string, problems: Problem[]): void {
  if (value === 'refuse' || value === 'attempt') return;
  problems.push({ path, message: 'Must be refuse or attempt.' });
}
