import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AzureOptions, azure } from '@onrecord/adapter-azure';
import {
  type Clock,
  createRecorder,
  type Logger,
  OnRecordError,
  type SessionSnapshot,
  type SessionStore,
  type StorageDriver,
  toNodeHandler,
} from '@onrecord/core';
import { answerCalls } from './answer-calls.ts';
import { CardForms } from './card-forms.ts';
import { Desk } from './desk.ts';
import { contactCentre, requirement } from './flow.ts';

export interface ServerOptions {
  /** Without the addresses of this server, which it fills in. */
  readonly azure: AzureOptions;
  readonly cognitiveServicesEndpoint: string;
  readonly isAgent: (participant: string) => boolean;
  readonly store: SessionStore;
  readonly archive: StorageDriver;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  /** Public address of this server; default that on which it listens. */
  readonly publicUrl?: string | undefined;
  readonly port?: number | undefined;
}

export interface ContactCentre extends AsyncDisposable {
  readonly url: string;
  readonly desk: Desk;
  /** Resolves when nothing of the recording is outstanding. */
  settled(sessionId: string): Promise<SessionSnapshot>;
}

/**
 * The one process of the application: answers calls, runs the flow, opens card forms, archives. `POST /azure` takes all that
 * Azure sends; `POST /recordings/<id>/card` asks for a card form, `GET` tells whether it may be shown, `DELETE` closes it.
 */
export async function startContactCentre(options: ServerOptions): Promise<ContactCentre> {
  const { store, archive, clock, logger, cognitiveServicesEndpoint } = options;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publicUrl = options.publicUrl ?? url;
  const driver = azure({ ...options.azure, callbackUrl: `${publicUrl}/azure` });
  const recorder = createRecorder(driver, {
    store,
    // Azure's own copy is deleted once ours is verified and described.
    archive: { store: archive, mode: 'move' },
    ingest: { publicUrl },
    clock,
    logger,
  });
  const desk = new Desk(options.isAgent);
  const able = recorder.require(requirement);
  const forms = new CardForms(desk, (id) => able.attach(id));
  recorder.serve(contactCentre(desk, forms));
  const { client } = driver.native();
  const answering = { callbackUrl: driver.callbackUrl(), cognitiveServicesEndpoint };

  server.on(
    'request',
    toNodeHandler(async (request) => {
      const { pathname } = new URL(request.url);
      const [, folder, id = '', what] = pathname.split('/');
      if (folder === 'azure') {
        const copy = request.clone();
        const taken = await recorder.ingest(request);
        if (taken.ok && request.method === 'POST') await answerCalls(copy, client, answering);
        return taken;
      }
      if (folder !== 'recordings' || what !== 'card') return new Response(null, { status: 404 });
      try {
        if (request.method === 'POST') await forms.open(id);
        else if (request.method === 'DELETE') forms.close(id);
        else if (request.method !== 'GET') return new Response(null, { status: 405 });
        return Response.json({ form: forms.state(id) }, { status: request.method === 'GET' ? 200 : 202 });
      } catch (error) {
        if (!OnRecordError.is(error)) throw error;
        return Response.json({ error: error.message, code: error.code }, { status: 409 });
      }
    }),
  );
  return {
    url,
    desk,
    settled: async (sessionId) => (await recorder.attach(sessionId)).settled(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await recorder.close();
    },
  };
}
