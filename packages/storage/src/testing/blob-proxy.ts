import type { IncomingMessage } from 'node:http';
import { request as send } from 'node:http';
import { systemClock } from '@onrecord/core';
import { type Answer, type Endpoint, FaultScript, listen, readBody } from '@onrecord/simulator';

/** Stands before a blob server that works, counts its requests and makes them fail. */
export interface BlobProxy {
  readonly origin: string;
  /** Operations: `PutBlob`, `PutBlock`, `PutBlockList`, `GetBlob`, `Other`. */
  readonly faults: FaultScript;
  requests(): number;
  close(): Promise<void>;
}

export async function startBlobProxy(target: string): Promise<BlobProxy> {
  const faults = new FaultScript(systemClock);
  let requests = 0;
  const endpoint: Endpoint = await listen(async (request, response) => {
    requests += 1;
    await faults.run(operationOf(request), request, response, () => forward(request, target));
  });
  return { origin: endpoint.origin, faults, requests: () => requests, close: () => endpoint.close() };
}

function operationOf({ method, url = '/' }: IncomingMessage): string {
  const { pathname, searchParams } = new URL(url, 'http://blob');
  // /account/container/blob
  const isBlob = pathname.split('/').length > 3;
  const component = searchParams.get('comp');
  if (!isBlob) return 'Other';
  if (method === 'GET' && component === null) return 'GetBlob';
  if (method !== 'PUT') return 'Other';
  if (component === null) return 'PutBlob';
  if (component === 'blocklist') return 'PutBlockList';
  return component === 'block' ? 'PutBlock' : 'Other';
}

async function forward(request: IncomingMessage, target: string): Promise<Answer> {
  const body = await readBody(request);
  return new Promise((resolve, reject) => {
    const { method, headers, url = '/' } = request;
    const onward = send(new URL(url, target), { method, headers, agent: false }, (answer) => {
      readBody(answer).then((received) => {
        const kept = Object.entries(answer.headers).filter(
          ([name, value]) => value !== undefined && !['connection', 'keep-alive', 'transfer-encoding'].includes(name),
        );
        resolve({
          status: answer.statusCode ?? 502,
          headers: Object.fromEntries(kept) as Answer['headers'],
          body: received,
        });
      }, reject);
    });
    onward.once('error', reject);
    onward.end(body);
  });
}
