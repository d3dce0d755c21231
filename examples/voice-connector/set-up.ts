import { checkConfiguration, type InsightsConfiguration, type InsightsConfigurations } from '@onrecord/adapter-chime';

/** Name of the call analytics configuration. */
export const configurationName = 'front-desk';

export interface Account {
  readonly region: string;
  readonly accountId: string;
  readonly bucket: string;
  /** Role that call analytics takes on to read the streams and write the files. */
  readonly role: string;
  /** ARN of the Kinesis data stream that is told of every recording. */
  readonly records: string;
}

/** Record every call, enhance its voices, and tell Kinesis of both files. */
export function configurationFor({ bucket, role, records }: Account): InsightsConfiguration & {
  readonly MediaInsightsPipelineConfigurationName: string;
} {
  return {
    MediaInsightsPipelineConfigurationName: configurationName,
    ResourceAccessRoleArn: role,
    Elements: [
      {
        Type: 'S3RecordingSink',
        S3RecordingSinkConfiguration: { Destination: `arn:aws:s3:::${bucket}/calls`, RecordingFileFormat: 'Wav' },
      },
      { Type: 'VoiceEnhancementSink', VoiceEnhancementSinkConfiguration: { Disabled: false } },
      { Type: 'KinesisDataStreamSink', KinesisDataStreamSinkConfiguration: { InsightsTarget: records } },
    ],
  };
}

/**
 * Lets a Voice Connector record every call from now on, and returns in how many ms that is in effect. Safe to run with
 * every deployment: what is there already is changed into what it should be.
 */
export async function setUp(
  configurations: InsightsConfigurations,
  account: Account,
  voiceConnectorId: string,
): Promise<number> {
  const wanted = configurationFor(account);
  const problems = checkConfiguration(wanted, account);
  if (problems.length > 0) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  if (await configurations.get(configurationName)) await configurations.update(configurationName, wanted);
  else await configurations.create(wanted);
  const { inEffectAfterMs } = await configurations.associate({ voiceConnectorId, configuration: configurationName });
  return inEffectAfterMs;
}
