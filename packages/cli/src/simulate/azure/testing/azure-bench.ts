import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { listen, readBody, sendAnswer } from '@onrecord/simulator';
import { type CommandRun, startCommand } from '../../../testing/run-command.ts';
import type { CallView } from '../../calls.ts';
import type { AzureView } from '../azure-control.ts';

export type RequestHandler = Parameters<typeof listen>[0];
export type Json = Readonly<Record<string, unknown>>;

/** Everything at once, so that a recording takes as long as its call. */
export const fast: readonly string[] = ['--azure-behaviour', 'settleMs=0', 'connectMs=0', 'fileDelayMs=0'];
export const caller: { readonly name: string; readonly address: string; readonly voice: { readonly toneHz: number } } =
  {
    name: 'caller',
    address: '+15550100',
    voice: { toneHz: 440 },
  };

const freePorts = ['--chime-port', '--s3-port', '--azure-port', '--azure-http-port', '--port'].flatMap((name) => [
  name,
  '0',
]);

/** What the control server answers, whatever was asked. */
type Answered = Omit<CallView, 'ids' | 'participants'> &
  AzureView & {
    readonly ids: {
      readonly callConnectionId: string;
      readonly serverCallId: string;
      readonly incomingCallContext: string;
    };
    readonly participants: NonNullable<CallView['participants']>;
    readonly error: string;
  };

/** `onrecord simulate` in this process, and an application that it can reach. */
export interface AzureBench extends AsyncDisposable {
  /** Of the command; deleted in the end. */
  readonly folder: string;
  /** Address of the application. */
  readonly origin: string;
  /** What reached the application since it {@link note}s. */
  readonly heard: Json[];
  readonly run: () => CommandRun;
  /** Starts the command; its environment. */
  simulate(...argv: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** What the application does with requests. Until then it answers 503, as if it were not up. */
  serve(handler: RequestHandler): void;
  /** Lets the application take every message, and every subscription of Event Grid. */
  note(): void;
  /** Data of the first event of this type that reached the application and fits. */
  eventually(type: string, fits?: (data: Json) => boolean): Promise<Json>;
  /** Asks the control server. */
  ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Answered }>;
  /** The vendor's client, over http. */
  client(): CallAutomationClient;
}

export async function openBench(): Promise<AzureBench> {
  const folder = await mkdtemp(join(tmpdir(), 'onrecord-simulate-azure-'));
  const heard: Json[] = [];
  let handler: RequestHandler | undefined;
  let run: CommandRun | undefined;
  let environment: Readonly<Record<string, string>> = {};
  const app = await listen(async (request, response) => {
    if (handler) return handler(request, response);
    sendAnswer(request, response, { status: 503 });
  });
  const noting: RequestHandler = async (request, response) => {
    const events = JSON.parse((await readBody(request)).toString('utf8')) as readonly Json[];
    heard.push(...events);
    const { validationCode } = (events[0]?.['data'] ?? {}) as Json;
    const body = JSON.stringify({ validationResponse: validationCode });
    sendAnswer(request, response, { status: 200, headers: { 'content-type': 'application/json' }, body });
  };
  const started = (): CommandRun => {
    if (!run) throw new Error('The command was not started.');
    return run;
  };
  return {
    folder,
    origin: app.origin,
    heard,
    run: started,
    async simulate(...argv) {
      run = startCommand(['simulate', '--json', ...freePorts, ...argv], { folder });
      environment = JSON.parse(await run.wrote((out) => out.endsWith('\n'))) as typeof environment;
      return environment;
    },
    serve: (receive) => {
      handler = receive;
    },
    note: () => {
      handler = noting;
    },
    eventually: (type, fits = () => true) =>
      until(async () => {
        const events = heard.filter((each) => String(each['type'] ?? each['eventType']).endsWith(type));
        return events.map(({ data }) => data as Json).find(fits);
      }),
    async ask(method, path, body) {
      const answer = await fetch(`${environment['ONRECORD_SIMULATOR']}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Answered };
    },
    client: () =>
      new CallAutomationClient(environment['ACS_CONNECTION_STRING'] ?? '', { allowInsecureConnection: true }),
    async [Symbol.asyncDispose]() {
      run?.interrupt();
      await run?.ended;
      await app.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Asks again until there is an answer: these servers run on the machine's clock. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
