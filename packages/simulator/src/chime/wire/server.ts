import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@onrecord/core';
import {
  type Answer,
  type Endpoint,
  FaultScript,
  listen,
  readBody,
  type SigningCredentials,
  verifySignature,
} from '../../http/index.ts';
import type { Operation, ServiceName } from './operation.ts';
import { OPERATIONS } from './operations/index.ts';
import { type RequestInput, readInput } from './request-input.ts';
import { type Route, route } from './router.ts';
import { chimeErrorAnswer, ServiceError, unauthorized } from './service-error.ts';

/** Does the work of one operation; the result is the body of the answer. @throws ServiceError to refuse. */
export type OperationHandler = (input: RequestInput) => Promise<object | undefined>;

/** One request as the services saw it. */
export interface JournalledRequest {
  /** Wall time of the simulator's clock, epoch ms. */
  readonly at: number;
  readonly service: ServiceName | undefined;
  /** Undefined where no operation has this path. */
  readonly operation: string | undefined;
  readonly method: string;
  readonly path: string;
  /** The members as sent; undefined where a fault or a refusal came before the body was read. */
  readonly body: unknown;
  /** Undefined where the connection was dropped before an answer existed. */
  readonly status: number | undefined;
  /** False when a fault kept the answer from the client. */
  readonly delivered: boolean;
}

export interface WireOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly credentials: readonly SigningCredentials[];
  readonly handlers: Readonly<Record<string, OperationHandler>>;
  readonly port?: number | undefined;
  /** Against which signatures are dated. The SDKs sign with the machine's clock, so that is the default. */
  readonly signatureTime: () => number;
}

export interface Wire {
  readonly endpoint: Endpoint;
  readonly faults: FaultScript;
  requests(): readonly JournalledRequest[];
}

/** Serves the voice, media pipelines and meetings APIs on one port: their paths do not overlap. */
export async function serve(options: WireOptions): Promise<Wire> {
  const faults = new FaultScript(options.clock);
  const journal: JournalledRequest[] = [];
  const endpoint = await listen((request, response) => answer(request, response), {
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  return { endpoint, faults, requests: () => [...journal] };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const at = options.clock.now();
    const path = url.split('?', 1)[0] ?? '/';
    const found = route(OPERATIONS, method, url);
    const name = found?.operation.name;
    let body: unknown;
    const outcome = await faults.run(name ?? 'UnknownOperation', request, response, async () => {
      const bytes = await readBody(request);
      body = parsed(bytes);
      return found ? perform(found, request, bytes) : unknownOperation();
    });
    journal.push({
      at,
      service: found?.operation.service,
      operation: name,
      method,
      path,
      body,
      status: outcome.answer?.status,
      delivered: outcome.delivered,
    });
  }

  async function perform(found: Route, request: IncomingMessage, bytes: Buffer): Promise<Answer> {
    const { operation } = found;
    try {
      authenticate(operation, request, bytes);
      const query = new URL(request.url ?? '/', 'http://service').searchParams;
      const handler = options.handlers[operation.name];
      if (!handler) throw new Error(`the simulator has no handler for ${operation.name}`);
      return good(operation, await handler(readInput(found, query, bytes)));
    } catch (error) {
      if (error instanceof ServiceError) return chimeErrorAnswer(error.errorName, error.message);
      throw error;
    }
  }

  /** Which error a bad signature gets is not documented: 401 for a key that is not known, else 403 (default here). */
  function authenticate(operation: Operation, request: IncomingMessage, bytes: Buffer): void {
    const { method = 'GET', url = '/', headers } = request;
    const verdict = verifySignature(
      { method, url, headers },
      {
        credentials: options.credentials,
        service: 'chime',
        region: options.region,
        now: options.signatureTime(),
        payloadHash: createHash('sha256').update(bytes).digest('hex'),
      },
    );
    if (verdict.ok) return;
    if (verdict.problem === 'unknown-key' || verdict.problem === 'wrong-token') {
      throw new ServiceError(unauthorized(operation.service), 'The security token included in the request is invalid.');
    }
    const reason = verdict.problem === 'mismatch' ? 'check the secret access key' : verdict.detail;
    throw new ServiceError('Forbidden', `The request signature is not valid (${verdict.problem}): ${reason}.`);
  }
}

function good(operation: Operation, body: object | undefined): Answer {
  const headers = { 'x-amzn-requestid': randomUUID() };
  if (body === undefined) return { status: operation.status, headers };
  return {
    status: operation.status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function unknownOperation(): Answer {
  return {
    status: 404,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'UnknownOperationException' },
    body: '{}',
  };
}

function parsed(bytes: Buffer): unknown {
  if (bytes.byteLength === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return bytes.toString('utf8');
  }
}
