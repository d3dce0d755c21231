/** A role that AWS owns the policy of; an account has it or lacks it. */
export interface ServiceLinkedRole {
  readonly name: string;
  readonly service: string;
  /** What fails without it. */
  readonly needed: string;
  /** The command that creates it, once for an account. */
  readonly command: string;
}

function role(name: string, service: string, needed: string): ServiceLinkedRole {
  return { name, service, needed, command: `aws iam create-service-linked-role --aws-service-name ${service}` };
}

/**
 * The service-linked roles that recording needs. Creating one needs `iam:CreateServiceLinkedRole`.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/create-pipeline-role.html}
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/ag/using-service-linked-roles-stream.html}
 */
export const serviceLinkedRoles: {
  readonly mediaPipelines: ServiceLinkedRole;
  readonly voiceConnector: ServiceLinkedRole;
} = {
  mediaPipelines: role(
    'AWSServiceRoleForAmazonChimeSDKMediaPipelines',
    'mediapipelines.chime.amazonaws.com',
    'Media pipelines join meetings by it; without it none is created.',
  ),
  voiceConnector: role(
    'AWSServiceRoleForAmazonChimeVoiceConnector',
    'voiceconnector.chime.amazonaws.com',
    'Speak and SpeakAndGetDigits reach Amazon Polly by it, and Voice Connectors stream and start call analytics.',
  ),
};
