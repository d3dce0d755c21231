import { systemClock } from '@onrecord/core';
import { type ChimeOptions, type SimulatedChime, SimulatedS3, startChime } from '@onrecord/simulator';

/** The bucket of the configurations. */
export const bucket = 'demo-recordings';

/** An AWS account with Chime and S3, on this machine. */
export interface SimulatedAws extends AsyncDisposable {
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  /** Keys and addresses, as the AWS SDK reads them. */
  readonly environment: Readonly<Record<string, string>>;
}

export async function startAws(options: Omit<ChimeOptions, 's3' | 'clock'>): Promise<SimulatedAws> {
  const s3 = await SimulatedS3.start({ clock: systemClock, buckets: [bucket] });
  const chime = await startChime({ ...options, clock: systemClock, s3 });
  return {
    s3,
    chime,
    environment: {
      AWS_ACCESS_KEY_ID: chime.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: chime.credentials.secretAccessKey,
      AWS_ENDPOINT_URL_S3: s3.origin,
      AWS_ENDPOINT_URL_CHIME_SDK_VOICE: chime.endpoint,
      AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS: chime.endpoint,
      AWS_ENDPOINT_URL_CHIME_SDK_MEDIA_PIPELINES: chime.endpoint,
    },
    async [Symbol.asyncDispose]() {
      await chime.close();
      await s3.close();
    },
  };
}
