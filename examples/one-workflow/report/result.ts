import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artifact, PauseInterval, Track } from '@onrecord/core';
import type { ProviderName } from '../cloud/providers.ts';
import type { Run } from '../cloud/run-provider.ts';
import type { Check } from '../measure/check.ts';
import type { Measured } from '../measure/measure-run.ts';

/** Root of the repository. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

/** One provider in the output of `--json`. */
export interface Result {
  readonly provider: ProviderName;
  /** What recorded, as it calls itself; absent for simulators. */
  readonly server?: string | undefined;
  readonly sessionId: string;
  readonly state: string;
  readonly endReason: string | undefined;
  readonly verdict: string;
  readonly emulated: readonly string[];
  readonly pauses: readonly PauseInterval[];
  /** With the file each lies in. */
  readonly tracks: readonly (Track & { readonly path: string })[];
  readonly checks: readonly Check[];
  readonly artifacts: readonly ResultFile[];
  /** Why the recording is a second one: what was wrong with the first, and what may have been to blame for it. */
  readonly repeated?: string | undefined;
  /** Why there is no more, when the run broke off. */
  readonly error?: string | undefined;
}

export interface ResultFile {
  readonly role: Artifact['role'];
  readonly partId: string;
  readonly uri: string;
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  readonly durationMs: number | undefined;
  readonly channels: number | undefined;
}

const mediaTypes: Readonly<Record<string, string>> = { wav: 'audio/wav', mp4: 'audio/mp4' };

export function resultOf({ provider, record, server }: Run, { checks }: Measured): Result {
  const { state, endReason, verdict, emulated, pauses, artifacts } = record.snapshot;
  return {
    provider,
    ...(server === undefined ? {} : { server }),
    sessionId: record.id,
    state,
    endReason,
    verdict,
    emulated,
    pauses,
    tracks: artifacts.flatMap(({ tracks, location }) => tracks.map((track) => ({ ...track, path: pathOf(location) }))),
    checks,
    artifacts: artifacts.map(fileOf),
  };
}

function fileOf({
  role,
  partId,
  location,
  mediaType,
  container,
  bytes,
  sha256,
  durationMs,
  channels,
}: Artifact): ResultFile {
  return {
    role,
    partId,
    uri: location,
    path: pathOf(location),
    mediaType: mediaType ?? mediaTypes[container ?? ''] ?? 'application/octet-stream',
    bytes,
    sha256,
    durationMs,
    channels,
  };
}

/** Files in the archive by their path from the root of the repository; what is elsewhere still, by its URI. */
function pathOf(location: string): string {
  return location.startsWith('file:') ? relative(root, fileURLToPath(location)) : location;
}

/** Whether a result is all that the demo promises. */
export function succeeded({ state, verdict, checks, error }: Result): boolean {
  return error === undefined && state === 'completed' && verdict === 'present' && checks.every(({ passed }) => passed);
}
