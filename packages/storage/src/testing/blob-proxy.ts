import { type IncomingMessage, request as send } from 'node:http';
import { systemClock } from '@onrecord/core';
import { type Answer, type Endpoint, FaultScript, listen, readBody } from '@onrecord/simulator';

/** `PutBlob`, `PutBlock`, `PutBlockList`, `GetBlob`, and `Other` for everything else. */
export type BlobOperation = 'PutBlob' | 'PutBlock' | 'PutBlockList' | 'GetBlob' | 'Other';

type Change = (operation: BlobOperation, body: Buffer) => Buffer;

/** Stands before a blob server that works, counts its requests and makes them fail. */
export interface BlobProxy {
  readonly origin: string;
  readonly faults: FaultScript;
  requests(): number;
  /** Alters bodies on their way to the server, from now on. */
  change(change: Change): void;
  close(): Promise<void>;
}

export async function startBlobProxy(target: string): Promise<BlobProxy> {
  const faults = new FaultScript(systemClock);
  let requests = 0;
  let change: Change = (_operation, body) => body;
  const endpoint: Endpoint = await listen(async (request, response) => {
    requests += 1;
    const operation = operationOf(request);
    await faults.run(operation, request, response, async () =>
      forward(request, change(operation, await readBody(request)), target),
    );
  });
  return {
    origin: endpoint.origin,
    faults,
    requests: () => requests,
    change: (next) => {
      change = next;
    },
    close: () => endpoint.close(),
  };
}

function operationOf({ method, url = '/' }: IncomingMessage): BlobOperation {
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

function forward(request: IncomingMessage, body: Buffer, target: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, headers, url = '/' } = request;
    const onward = send(new URL(url, target), { method, headers, agent: false }, (answer) => {
      readBody(answer).then((received) => {
        const kept = Object.entries(answer.headers).flatMap(([name, value]) =>
          value === undefined || ['connection', 'keep-alive', 'transfer-encoding'].includes(name)
            ? []
            : [[name, value]],
        );
        resolve({ status: answer.statusCode ?? 502, headers: Object.fromEntries(kept), body: received });
      }, reject);
    });
    onward.once('error', reject);
    onward.end(body);
  });
}
