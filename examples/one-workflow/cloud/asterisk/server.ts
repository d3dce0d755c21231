import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OnRecordError } from '@onrecord/core';
import { foreignServer } from '../../../../packages/adapter-asterisk/src/testing/server/foreign-server.ts';
import {
  type AsteriskAccess,
  type AsteriskSuite,
  startAsterisk,
} from '../../../../packages/adapter-asterisk/src/testing/server/index.ts';
import { suite } from './availability.ts';

/** A real Asterisk, and the announcement that lies on it. */
export interface PbxServer extends AsyncDisposable {
  readonly access: AsteriskAccess;
  readonly suite: AsteriskSuite;
  /** As the server says it, such as `22.10.1`. */
  readonly version: string;
  /** Media that says what the workflow announces. */
  readonly notice: string;
}

/** Our own speech; see tools/make-speech.ts. */
const speech = fileURLToPath(new URL('../../speech/notice.wav', import.meta.url));

/**
 * Starts a server of the demo's own, gone with the demo; or takes the one of ASTERISK_ARI_URL, which finds the announcement
 * where ASTERISK_NOTICE says, as `sound:…`. Without that it has to be on this machine, and able to read this folder.
 */
export async function openServer(): Promise<PbxServer> {
  const address = process.env['ASTERISK_ARI_URL'];
  return address ? foreign(address) : own();
}

async function own(): Promise<PbxServer> {
  const server = await startAsterisk({ suite });
  // Into its own folder: in the path of this one there might be a comma, which ARI takes for the end of a name.
  await copyFile(speech, join(server.state, 'notice.wav'));
  return {
    access: server,
    suite,
    version: server.version,
    notice: soundAt(join(server.state, 'notice.wav')),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function foreign(address: string): Promise<PbxServer> {
  try {
    const server = await foreignServer(address);
    return {
      access: server,
      suite: server.suite,
      version: server.version,
      notice: process.env['ASTERISK_NOTICE'] ?? soundAt(speech),
      async [Symbol.asyncDispose]() {},
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OnRecordError('unavailable', `The server of ASTERISK_ARI_URL cannot be used: ${reason}.`, {
      remedy: 'Check address, user and password, and that http.conf and ari.conf have enabled = yes.',
      cause,
    });
  }
}

/** Asterisk names sounds without their extension. */
function soundAt(file: string): string {
  return `sound:${file.replace(/\.wav$/, '')}`;
}
