import type { PutVoiceConnectorStreamingConfigurationCommandInput } from '@aws-sdk/client-chime-sdk-voice';
import type { Problem } from '../../options/problem.ts';
import { configurationArn, configurationProblem } from '../config.ts';
import type { Place } from './elements.ts';

/** How a Voice Connector is associated with a configuration. */
export interface VoiceConnectorAssociation {
  readonly voiceConnectorId: string;
  /** Name or ARN. */
  readonly configuration: string;
  /**
   * Hours that Kinesis Video Streams keeps the audio. The recording is made from it after the call: 0 would leave nothing
   * to record. Default 24.
   */
  readonly retentionHours?: number | undefined;
  /** Who is told of streaming. Default EventBridge. */
  readonly targets?: readonly ('EventBridge' | 'SNS' | 'SQS')[] | undefined;
}

/** Until a change takes effect, as the guide says. Calls before that are not recorded. */
export const propagationMs: number = 300_000;

export function associationProblems({
  voiceConnectorId,
  configuration,
  retentionHours,
  targets,
}: VoiceConnectorAssociation): readonly Problem[] {
  const problems: Problem[] = [];
  if (typeof voiceConnectorId !== 'string' || voiceConnectorId.trim() === '') {
    problems.push({ path: 'voiceConnectorId', message: 'Missing.' });
  }
  const named = configurationProblem(configuration);
  if (named !== undefined) problems.push({ path: 'configuration', message: named });
  if (retentionHours !== undefined && (!Number.isInteger(retentionHours) || retentionHours < 1)) {
    const message =
      'Must be a whole number of hours, at least 1: with 0 there is nothing left to record after the call.';
    problems.push({ path: 'retentionHours', message });
  }
  const known = ['EventBridge', 'SNS', 'SQS'];
  if (
    targets !== undefined &&
    (targets.length < 1 || targets.length > 3 || targets.some((one) => !known.includes(one)))
  ) {
    problems.push({ path: 'targets', message: `Must be 1 to 3 of ${known.join(', ')}.` });
  }
  return problems;
}

export function streamingRequest(
  association: VoiceConnectorAssociation,
  place: Place,
): PutVoiceConnectorStreamingConfigurationCommandInput {
  const { voiceConnectorId, configuration, retentionHours = 24, targets = ['EventBridge'] } = association;
  return {
    VoiceConnectorId: voiceConnectorId,
    StreamingConfiguration: {
      DataRetentionInHours: retentionHours,
      Disabled: false,
      StreamingNotificationTargets: targets.map((NotificationTarget) => ({ NotificationTarget })),
      MediaInsightsConfiguration: { Disabled: false, ConfigurationArn: configurationArn(configuration, place) },
    },
  };
}
