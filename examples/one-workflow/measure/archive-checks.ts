import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Artifact, SessionRecord } from '@onrecord/core';
import type { Check } from './check.ts';

/** The session is over, and nothing of it is outstanding. */
export function settled({ snapshot }: SessionRecord): Check {
  const { state, verdict, endReason = 'unknown', anomalies } = snapshot;
  return {
    name: 'settled',
    claim: 'The session is completed, its recording is present, and nothing about it is odd.',
    passed: state === 'completed' && verdict === 'present' && anomalies.length === 0,
    measured: { state, verdict, endReason, anomalies: anomalies.map(({ code }) => code).join(' ') || 'none' },
  };
}

/** Nobody recorded the same call a second time, where no pause would have reached. */
export function oneSession({ id }: SessionRecord, sessionIds: readonly string[]): Check {
  return {
    name: 'one-session',
    claim: 'The call was recorded once: no second recording knows what the first one was spared.',
    passed: sessionIds.length === 1 && sessionIds[0] === id,
    measured: { sessions: sessionIds.length },
  };
}

/** What lies on disk is what the session says. */
export async function digests(artifacts: readonly Artifact[]): Promise<Check> {
  const wrong: string[] = [];
  for (const { id, location, sha256, bytes } of artifacts) {
    const content = await readFile(fileURLToPath(location)).catch(() => undefined);
    const same = content?.length === bytes && content && createHash('sha256').update(content).digest('hex') === sha256;
    if (!same) wrong.push(id);
  }
  return {
    name: 'digests',
    claim: 'Every file on disk has the length and the SHA-256 that the session states.',
    passed: artifacts.length > 0 && wrong.length === 0,
    measured: { files: artifacts.length, wrong: wrong.join(' ') || 'none' },
  };
}

/** The manifest beside the files names each of them, with its digest. */
export async function manifest(artifacts: readonly Artifact[]): Promise<Check> {
  const own = artifacts.find(({ role }) => role === 'manifest');
  const others = artifacts.filter(({ role }) => role !== 'manifest');
  const listed = own ? await listedIn(own) : [];
  const missing = others.filter(({ id, sha256 }) => !listed.some((each) => each.id === id && each.sha256 === sha256));
  return {
    name: 'manifest',
    claim: 'The manifest lists every file with its digest.',
    passed: own !== undefined && missing.length === 0,
    measured: { listed: listed.length, missing: missing.map(({ id }) => id).join(' ') || 'none' },
  };
}

async function listedIn({
  location,
}: Artifact): Promise<readonly { readonly id: string; readonly sha256?: string | undefined }[]> {
  const text = await readFile(fileURLToPath(location), 'utf8').catch(() => '{}');
  const { artifacts = [] } = JSON.parse(text) as { readonly artifacts?: readonly { id: string; sha256?: string }[] };
  return artifacts;
}
