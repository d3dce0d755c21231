import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { AzureControl } from './azure/azure-control.ts';
import { behaviourOption } from './azure/behaviour-option.ts';
import { blobAccountOption } from './azure/blob-account-option.ts';
import { certificateFile } from './azure/certificate-file.ts';
import { copyAzureFiles } from './azure/copy-files.ts';
import { subscribeWhenReady } from './azure/event-grid-subscription.ts';
import { Calls } from './calls.ts';
import { Closing } from './closing.ts';
import { startControlServer } from './control-server.ts';
import { mirrorObjects } from './mirror.ts';
import {
  type AzureSimulation,
  defaultPorts,
  headerOption,
  portOption,
  type SimulateOptions,
  urlOption,
} from './options.ts';
import { environmentOf, startSimulation } from './simulation.ts';

interface Given {
  readonly chimePort?: string;
  readonly s3Port?: string;
  readonly azurePort?: string;
  readonly azureHttpPort?: string;
  readonly port?: string;
  readonly region: string;
  readonly bucket: readonly string[];
  readonly audio: string;
  readonly lambda?: string;
  readonly smaId?: string;
  readonly events?: string;
  readonly eventsHeader?: string;
  readonly eventGrid?: string;
  readonly eventGridSchema: string;
  readonly blobAccount: readonly string[];
  readonly azureBehaviour: readonly string[];
  readonly azureCa?: string;
  readonly files?: string;
  readonly writeEnv?: string;
  readonly json?: true;
}

const help = `
Prints NAME=value lines for an untouched SDK, and runs until it is interrupted. In another shell:

  $ curl -d '{"provider":"chime-sma","from":"+15550100","to":"+15550199","voice":{"toneHz":440}}' \\
      -H 'content-type: application/json' http://127.0.0.1:${defaultPorts.control}/calls
  $ curl --data-binary @caller.wav -H 'content-type: audio/wav' 'http://127.0.0.1:${defaultPorts.control}/calls?from=%2B15550100'`;

/** `onrecord simulate` */
export function simulateCommand(terminal: Terminal, ended: (code: ExitCode) => void): Command {
  return new Command('simulate')
    .description('run Amazon Chime, S3 and Azure Call Automation on this machine, for development')
    .option('--chime-port <port>', `of the Chime APIs; 0 is a free one (default: ${defaultPorts.chime})`)
    .option('--s3-port <port>', `(default: ${defaultPorts.s3})`)
    .option('--azure-port <port>', `of Azure over https (default: ${defaultPorts.azure})`)
    .option('--azure-http-port <port>', `of Azure over http (default: ${defaultPorts.azureHttp})`)
    .option('--port <port>', `of the server that places calls (default: ${defaultPorts.control})`)
    .option('--region <region>', 'of Chime and S3', 'us-east-1')
    .option('--bucket <name...>', 'to be there from the start', ['recordings'])
    .option('--audio <folder>', 'with the WAV files that callers speak', '.')
    .option('--lambda <url or module>', 'the Lambda function of the SIP media application')
    .option('--sma-id <id>', 'of the SIP media application (default: a new UUID)')
    .option('--events <url>', 'where EventBridge events are posted to')
    .option('--events-header <name: value>', 'sent with them, as the API key of an API destination')
    .option('--event-grid <url>', 'where Event Grid events are posted to, once it answers the handshake')
    .option('--event-grid-schema <schema>', 'EventGridSchema or CloudEventSchemaV1_0', 'EventGridSchema')
    .option('--blob-account <name=url,key...>', 'where a Blob account of yours really is, e.g. an Azurite', [])
    .option(
      '--azure-behaviour <name=value...>',
      'what the documentation of Azure leaves open, e.g. fileDelayMs=1000',
      [],
    )
    .option('--azure-ca <file>', 'write the certificate of Azure there (default: a temporary file)')
    .option('--files <folder>', 'copy every object of S3 and every file of Azure there, to listen to it')
    .option('--write-env <file>', 'write the environment there, too, e.g. for node --env-file')
    .option('--json', 'print the environment as one JSON object')
    .addHelpText('after', help)
    .action(async (given: Given) => ended(await simulate(given, terminal)));
}

async function simulate(given: Given, terminal: Terminal): Promise<ExitCode> {
  const options = optionsOf(given, terminal);
  const say = (line: string) => terminal.err(`${line}\n`);
  const serving = new AbortController();
  await using simulation = await startSimulation(options, terminal.folder);
  await using opened = new Closing();
  const { azure, s3, clock } = simulation;
  const certificate = opened.use(await certificateFile(azure.ca, given.azureCa, terminal.folder));
  let own: readonly string[] = [];
  const calls = new Calls(simulation, options.audioFolder, serving.signal);
  const troubles = new AzureControl(
    azure,
    () => own,
    (voice) => calls.soundOf(voice),
  );
  const control = await startControlServer(calls, troubles, options.ports.control, () => environment);
  opened.defer(() => control.close());
  opened.defer(() => serving.abort());
  const places = { control: control.origin, certificate: certificate.path };
  const environment: Readonly<Record<string, string>> = environmentOf(simulation, options, places);
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
  if (given.writeEnv !== undefined) await writeFile(resolve(terminal.folder, given.writeEnv), lines.join(''));
  s3.onObjectCreated(({ bucket, key, size }) => say(`s3://${bucket}/${key} ${size} bytes`));
  if (given.files !== undefined) {
    const folder = resolve(terminal.folder, given.files);
    mirrorObjects(s3, folder, say);
    const copies = await copyAzureFiles(azure, { folder, token: options.azure.fileToken, tell: say });
    opened.defer(() => copies.close());
    own = [copies.url];
  }
  if (options.azure.eventGrid !== undefined) {
    const { signal } = serving;
    subscribeWhenReady(azure, options.azure.eventGrid, { clock, signal, tell: say }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  terminal.out(given.json ? `${JSON.stringify(environment)}\n` : lines.join(''));
  say(`Simulating on 127.0.0.1; calls are placed at ${control.origin}/calls. Ctrl-C ends it.`);
  await aborted(terminal.signal);
  return exitCodes.ok;
}

function optionsOf(given: Given, { folder }: Terminal): SimulateOptions {
  const events = urlOption('events', given.events);
  if (events === undefined && given.eventsHeader !== undefined) {
    throw new UsageError('--events-header goes with --events.');
  }
  return {
    ports: {
      chime: portOption('chime-port', given.chimePort, defaultPorts.chime),
      s3: portOption('s3-port', given.s3Port, defaultPorts.s3),
      azure: portOption('azure-port', given.azurePort, defaultPorts.azure),
      azureHttp: portOption('azure-http-port', given.azureHttpPort, defaultPorts.azureHttp),
      control: portOption('port', given.port, defaultPorts.control),
    },
    region: given.region,
    buckets: given.bucket,
    audioFolder: resolve(folder, given.audio),
    lambda: given.lambda,
    sipMediaApplicationId: given.smaId ?? randomUUID(),
    events:
      events === undefined
        ? undefined
        : { url: events, headers: given.eventsHeader === undefined ? {} : headerOption(given.eventsHeader) },
    azure: {
      eventGrid: eventGridOption(given),
      blobAccounts: blobAccountOption(given.blobAccount),
      behaviour: behaviourOption(given.azureBehaviour),
      fileToken: randomUUID(),
    },
  };
}

function eventGridOption({ eventGrid, eventGridSchema: schema }: Given): AzureSimulation['eventGrid'] {
  if (schema !== 'EventGridSchema' && schema !== 'CloudEventSchemaV1_0') {
    throw new UsageError('--event-grid-schema takes EventGridSchema or CloudEventSchemaV1_0.');
  }
  const url = urlOption('event-grid', eventGrid);
  return url === undefined ? undefined : { url, schema };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
