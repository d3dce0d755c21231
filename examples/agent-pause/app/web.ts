import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ChimeSmaOptions, chimeSma } from '@onrecord/adapter-chime';
import { type Clock, createRecorder, type SessionStore, type StorageDriver, toNodeHandler } from '@onrecord/core';
import { button } from './button.ts';
import { flow } from './flow.ts';
import { DEPLOYMENT, INSTANCE } from './names.ts';

export interface WebOptions {
  /** The store of the function. */
  readonly store: SessionStore;
  readonly chime: ChimeSmaOptions;
  /** The bucket that the service writes into. */
  readonly landing: StorageDriver;
  readonly archive: StorageDriver;
  readonly clock?: Clock | undefined;
  /** Default a free port. */
  readonly port?: number | undefined;
}

export interface Web extends AsyncDisposable {
  readonly url: string;
  /** Resolves when the recording is archived and verified. @throws OnRecordError `not-found` */
  settled(sessionId: string): Promise<readonly string[]>;
}

/** The web process: the agent's button, and the worker that archives the files. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { store, landing, archive, clock } = options;
  const recorder = createRecorder(chimeSma(options.chime), {
    store,
    instance: INSTANCE,
    deployment: DEPLOYMENT,
    landing,
    archive,
    clock,
  });
  const able = recorder.require(flow.requirement);
  const server = createServer(toNodeHandler(button((sessionId) => able.attach(sessionId), store)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settled: async (sessionId) => {
      const session = await recorder.attach(sessionId);
      const { artifacts } = await session.settled();
      return artifacts.filter(({ role }) => role === 'master').map(({ location }) => String(location));
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await recorder.close();
    },
  };
}
