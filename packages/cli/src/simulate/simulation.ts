import { type Clock, systemClock } from '@onrecord/core';
import {
  type SimulatedAzure,
  type SimulatedChime,
  SimulatedS3,
  type SipMediaApplication,
  startAzure,
  startChime,
} from '@onrecord/simulator';
import { azureEnvironment } from './azure/azure-environment.ts';
import { Closing } from './closing.ts';
import { lambdaTarget } from './lambda-target.ts';
import type { SimulateOptions } from './options.ts';

/** The clouds of `onrecord simulate`, running. */
export interface Simulation extends AsyncDisposable {
  readonly clock: Clock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  readonly azure: SimulatedAzure;
  /** Undefined without a Lambda function. */
  readonly application: SipMediaApplication | undefined;
}

/**
 * Starts S3, Chime and Azure on their ports, with the machine's clock.
 * @throws the `listen` error of a port in use, with what was started before closed again; UsageError for a Lambda
 * module without a handler.
 */
export async function startSimulation(options: SimulateOptions, folder: string): Promise<Simulation> {
  const clock = systemClock;
  const { ports, region, buckets } = options;
  const lambda = options.lambda === undefined ? undefined : await lambdaTarget(options.lambda, folder);
  await using starting = new Closing();
  const s3 = starting.use(await SimulatedS3.start({ clock, region, buckets, port: ports.s3 }));
  const chime = starting.use(await startChime({ clock, s3, region, port: ports.chime, credentials: s3.credentials }));
  const azure = starting.use(
    await startAzure({
      clock,
      ports: { https: ports.azure, http: ports.azureHttp },
      allowHttpCallbacks: true,
      blobAccounts: options.azure.blobAccounts,
      behaviour: options.azure.behaviour,
      bearerTokens: [options.azure.fileToken],
    }),
  );
  const application =
    lambda === undefined ? undefined : chime.sipMediaApplication(lambda, options.sipMediaApplicationId);
  if (options.events) chime.eventBridge.target(options.events.url, options.events.headers);
  const running = starting.move();
  return { clock, s3, chime, azure, application, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

/** What an unmodified SDK reads: keys, region and addresses. */
export function environmentOf(
  { s3, chime, azure }: Pick<Simulation, 's3' | 'chime' | 'azure'>,
  options: Pick<SimulateOptions, 'region' | 'sipMediaApplicationId' | 'lambda'>,
  { control, certificate }: { readonly control: string; readonly certificate: string },
): Readonly<Record<string, string>> {
  return {
    AWS_REGION: options.region,
    AWS_ACCESS_KEY_ID: chime.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: chime.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.origin,
    AWS_ENDPOINT_URL_CHIME_SDK_VOICE: chime.endpoint,
    AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS: chime.endpoint,
    AWS_ENDPOINT_URL_CHIME_SDK_MEDIA_PIPELINES: chime.endpoint,
    ...(options.lambda === undefined ? {} : { ONRECORD_SIP_MEDIA_APPLICATION_ID: options.sipMediaApplicationId }),
    ...azureEnvironment(azure, certificate),
    ONRECORD_SIMULATOR: control,
  };
}
