import { type Clock, systemClock } from '../clock.ts';
import { OnRecordError } from '../errors/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { asker } from './ask-now.ts';
import { type IngestRoute, type ReceiveOptions, receive } from './receive.ts';

export interface IngestOptions extends ReceiveOptions {
  /** By path, e.g. `/onrecord/main`; other paths are answered with 404. */
  readonly routes: Readonly<Record<string, IngestRoute>>;
  readonly store: SessionStore;
  readonly clock?: Clock | undefined;
}

/**
 * Takes the webhooks of several provider instances.
 *
 * @example
 * ```ts
 * const handler = createIngestHandler({
 *   store,
 *   publicUrl: 'https://voice.example.com',
 *   routes: { '/onrecord/main': { instance: 'main', driver } },
 * });
 * createServer(toNodeHandler(handler)).listen(8080);
 * ```
 */
export function createIngestHandler(options: IngestOptions): (request: Request) => Promise<Response> {
  const { store, clock = systemClock } = options;
  checkPublicUrl(options.publicUrl);
  const routes = new Map(
    Object.entries(options.routes).map(([path, route]) => [
      path,
      { route, ask: asker({ store, clock, instance: route.instance, driver: route.driver }) },
    ]),
  );
  return async (request) => {
    const known = routes.get(new URL(request.url).pathname);
    if (known) return receive(request, known.route, { store, clock, ask: known.ask }, options);
    await request.body?.cancel();
    return new Response(null, { status: 404 });
  };
}

/** @throws OnRecordError `invalid-request` at start-up, not with the first webhook. */
export function checkPublicUrl(publicUrl: string | undefined): void {
  if (publicUrl === undefined) return;
  const url = URL.parse(publicUrl);
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return;
  throw new OnRecordError('invalid-request', 'publicUrl is no http(s) address without query.', {
    remedy: 'Write it as https://voice.example.com or with the path that a proxy strips.',
  });
}
