import { randomUUID } from 'node:crypto';
import { type Capabilities, formatOutput, OnRecordError } from '@onrecord/core';
import type { AriClient } from './client/ari-client.ts';
import { isAnswer, isGone, type Operation } from './client/ari-error.ts';
import type { AsteriskServer } from './config/options.ts';
import { isObject, objectAt, textAt } from './json-reader.ts';
import { liveState, lookUntil } from './recording/live.ts';
import { ask, type Work } from './recording/work.ts';

/** What the server says that it is. */
export interface ServerInfo {
  /** As Asterisk writes it, e.g. `22.10.1`. */
  readonly version: string;
  readonly major: number;
}

const generations: { readonly [S in AsteriskServer]: number } = { 'asterisk-16': 16, 'asterisk-22': 22 };

/** The newest literal that a server of this version keeps; undefined below 16. */
export function serverFor(major: number): AsteriskServer | undefined {
  if (major >= generations['asterisk-22']) return 'asterisk-22';
  return major >= generations['asterisk-16'] ? 'asterisk-16' : undefined;
}

/** @throws AriError, or OnRecordError `provider-contract` when what answers is no Asterisk. */
export async function serverInfo(
  client: AriClient,
  options: { readonly operation: Operation; readonly signal: AbortSignal },
): Promise<ServerInfo> {
  const info = await client.request('GET', ['asterisk', 'info'], options);
  const version = isObject(info) ? textAt(objectAt(info, 'system'), 'version') : undefined;
  const major = Number(/^\D*(\d+)/.exec(version ?? '')?.[1] ?? Number.NaN);
  if (version !== undefined && Number.isInteger(major)) return { version, major };
  throw new OnRecordError('provider-contract', 'What answers there does not say which Asterisk it is.', {
    remedy: 'Check that url names the ARI of an Asterisk.',
  });
}

/** @throws OnRecordError `invalid-request` when the server is older than the driver was told. */
export function checkGeneration({ version, major }: ServerInfo, server: AsteriskServer): void {
  if (major >= generations[server]) return;
  const known = serverFor(major);
  throw new OnRecordError(
    'invalid-request',
    `The server is Asterisk ${version}, and this driver was made for ${server}.`,
    {
      remedy:
        known === undefined ? 'Asterisk 16 is the oldest that is supported.' : `Configure it with server: '${known}'.`,
      context: { version, server },
    },
  );
}

/** What the server is and can, found out by asking it. */
export interface ServerProbe extends ServerInfo {
  /** The literal that fits; undefined for a server older than any. */
  readonly server: AsteriskServer | undefined;
  /** Of `wav`, `wav16` and `opus` the ones that the server records. */
  readonly formats: readonly ('wav' | 'wav16' | 'opus')[];
  /** Declared outputs that this server does not make; empty where the literal holds. */
  readonly missing: readonly string[];
}

const formats = ['wav', 'wav16', 'opus'] as const;
const needed = { wav: ['wav', 'wav16'], ogg: ['opus'] } as const;

/**
 * Asks the server for its version and, on an empty bridge of its own, for the formats that it records. Nothing is left
 * behind: neither the bridge nor a file.
 */
export async function probeServer(work: Work, { outputs }: Pick<Capabilities, 'outputs'>): Promise<ServerProbe> {
  const info = await serverInfo(work.client, work);
  const bridge = `onrecord-probe-${randomUUID()}`;
  await ask(work, 'POST', ['bridges'], { type: 'mixing', bridgeId: bridge });
  const found: (typeof formats)[number][] = [];
  try {
    for (const format of formats) if (await records(work, bridge, format)) found.push(format);
  } finally {
    await ask(work, 'DELETE', ['bridges', bridge]);
  }
  const missing = outputs
    .filter(
      ({ container }) =>
        container === 'mp3' || container === 'mp4' || !needed[container].every((one) => found.includes(one)),
    )
    .map(formatOutput);
  return { ...info, server: serverFor(info.major), formats: found, missing };
}

async function records(work: Work, bridge: string, format: string): Promise<boolean> {
  const name = `${work.config.folder}/${bridge}-${format}`;
  try {
    await ask(work, 'POST', ['bridges', bridge, 'record'], { name, format });
  } catch (error) {
    if (isAnswer(error, 422)) return false;
    throw error;
  }
  await lookUntil(
    work,
    () => liveState(work, name),
    (state) => state !== 'queued',
  );
  for (const kind of ['live', 'stored']) {
    try {
      await ask(work, 'DELETE', ['recordings', kind, name]);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return true;
}
