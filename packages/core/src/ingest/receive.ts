import type { CallNotice } from '../call/call-notice.ts';
import type { Clock } from '../clock.ts';
import type { Adoption, DriverContext, InboundRequest, Parsed, RecordingDriver } from '../driver/driver.ts';
import { routeReports } from '../engine/route-reports.ts';
import { OnRecordError } from '../errors/index.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import { type AdoptionPolicy, adoptRecordings } from './adopt.ts';
import { type Ask, askNow } from './ask-now.ts';
import { readBody } from './read-body.ts';

/** Where the webhooks of one provider instance go. */
export interface IngestRoute {
  /** Name of the provider instance. */
  readonly instance: string;
  readonly driver: RecordingDriver;
  /** What sessions have that are made of recordings which began without us. Default: deployment `default`, no archive. */
  readonly adoption?: AdoptionPolicy | undefined;
  /** Handles a call notice, durably; what it throws makes the provider deliver again. */
  readonly onNotice?: ((notice: CallNotice) => Promise<void>) | undefined;
  /** These sessions have new reports. */
  readonly onReports?: ((sessionIds: readonly string[]) => void) | undefined;
}

export interface ReceiveOptions {
  /**
   * The public address in front of this server, e.g. `https://voice.example.com/hooks`: put before the path of each
   * request to make the URL that the provider signed. Never taken from `Host`. Default: none, so drivers whose
   * signatures cover the URL refuse.
   */
  readonly publicUrl?: string | undefined;
  /** Longer bodies are refused with 413. Default 1 MiB; of a queue or a function 6 MiB, the most that one is handed. */
  readonly maxBytes?: number | undefined;
  /**
   * Reports and notices that are older by their own clock are refused. Default 25 h: Event Grid delivers for 24 h, and
   * a repeated event changes nothing, so a shorter limit only loses recordings.
   */
  readonly maxAgeMs?: number | undefined;
  /** Told of everything that was refused or failed; the provider learns the status only. */
  readonly onError?:
    | ((error: unknown, request: { readonly instance: string; readonly status: number }) => void)
    | undefined;
}

const defaultMaxBytes = { http: 1_048_576, queue: 6_291_456, lambda: 6_291_456 } as const;
const defaultMaxAgeMs = 25 * 3_600_000;

/** How a message reached this process. */
export type IngestTransport = keyof typeof defaultMaxBytes;

export function isIngestTransport(value: string): value is IngestTransport {
  return Object.hasOwn(defaultMaxBytes, value);
}

/**
 * Takes one webhook of one instance: size, then authenticity and form (the driver's `parse`), then age; then the
 * durable writes; and only then a success.
 */
export async function receive(
  request: Request,
  route: IngestRoute,
  {
    store,
    clock,
    ask,
    transport = 'http',
  }: {
    readonly store: SessionStore;
    readonly clock: Clock;
    readonly ask: Ask;
    readonly transport?: IngestTransport | undefined;
  },
  options: ReceiveOptions = {},
): Promise<Response> {
  const { instance, driver } = route;
  const refuse = (error: unknown, status: number): Response => {
    options.onError?.(error, { instance, status });
    return new Response(null, { status });
  };
  if (!driver.parse) {
    await request.body?.cancel();
    return refuse(new OnRecordError('unsupported', `The driver of "${instance}" takes no webhooks.`), 404);
  }
  try {
    const body = await readBody(request, options.maxBytes ?? defaultMaxBytes[transport]);
    if (!body) return refuse(new OnRecordError('invalid-request', 'The body is too long.'), 413);
    const inbound = inboundRequest(request, body, transport, options.publicUrl);
    const parsed = await parse(driver, inbound, { signal: request.signal, clock }, instance);
    const { fresh, stale } = byAge(parsed, clock.now() - (options.maxAgeMs ?? defaultMaxAgeMs));
    if (stale > 0) {
      const error = new OnRecordError('invalid-request', `${stale} event(s) from "${instance}" are too old.`, {
        blame: 'provider',
      });
      if (fresh.reports.length + fresh.calls.length === 0) return refuse(error, 400);
      options.onError?.(error, { instance, status: 200 });
    }
    const adopted = await adoptRecordings(store, route, told(parsed, fresh.reports), clock.now());
    if (adopted.length > 0) route.onReports?.(adopted);
    if (fresh.reports.length > 0) {
      const routed = await routeReports(store, instance, fresh.reports, clock.now());
      route.onReports?.(routed.sessionIds);
    }
    await askNow(ask, parsed.ask ?? [], clock, (error) => options.onError?.(error, { instance, status: 200 }));
    for (const notice of fresh.calls) await route.onNotice?.(notice);
    const { response, problems = [] } = parsed;
    for (const problem of problems) options.onError?.(problem, { instance, status: response?.status ?? 200 });
    return response
      ? new Response(response.body ?? null, { status: response.status, headers: { ...response.headers } })
      : new Response(null, { status: 200 });
  } catch (error) {
    return refuse(error, statusOf(error));
  }
}

async function parse(
  driver: RecordingDriver,
  inbound: InboundRequest,
  context: DriverContext,
  instance: string,
): Promise<Parsed> {
  try {
    return (await driver.parse?.(inbound, context)) ?? { reports: [], calls: [], unhandled: 0 };
  } catch (error) {
    throw OnRecordError.wrap(error, driver.classifyError(error), { operation: 'parse', provider: instance });
  }
}

function inboundRequest(
  request: Request,
  body: Uint8Array,
  transport: IngestTransport,
  publicUrl: string | undefined,
): InboundRequest {
  const { pathname, search } = new URL(request.url);
  return {
    transport,
    method: request.method,
    ...(publicUrl === undefined ? {} : { url: `${publicUrl.replace(/\/+$/, '')}${pathname}${search}` }),
    headers: Object.fromEntries(request.headers),
    body,
  };
}

/** What is young enough, and how much is not; what carries no time has no age. */
function byAge(
  parsed: Parsed,
  oldest: number,
): { readonly fresh: Pick<Parsed, 'reports' | 'calls'>; readonly stale: number } {
  const young = (at: string | undefined) => at === undefined || Date.parse(at) >= oldest;
  const reports = parsed.reports.filter(({ clock: { at } }) => young(at));
  const calls = parsed.calls.filter(({ at }) => young(at));
  return {
    fresh: { reports, calls },
    stale: parsed.reports.length - reports.length + parsed.calls.length - calls.length,
  };
}

/** Adoptions without those whose every report is too old: their sessions would hear nothing, and be false alarms. */
function told({ adopt = [], reports }: Parsed, fresh: Parsed['reports']): readonly Adoption[] {
  const keysOf = (some: Parsed['reports']) =>
    new Set(some.map(({ subject }) => ('providerKey' in subject ? subject.providerKey : undefined)));
  const [all, young] = [keysOf(reports), keysOf(fresh)];
  return adopt.filter(({ providerKey }) => young.has(providerKey) || !all.has(providerKey));
}

/** Fails closed, and gives no detail to whoever asks. */
function statusOf(error: unknown): number {
  if (!OnRecordError.is(error)) return 500;
  switch (error.code) {
    case 'signature-invalid':
    case 'unauthenticated':
      return 401;
    case 'permission-denied':
      return 403;
    case 'invalid-request':
    case 'provider-contract':
      return 400;
    case 'unavailable':
    case 'rate-limited':
    case 'timeout':
    case 'storage-failed':
      return 503;
    default:
      return 500;
  }
}
