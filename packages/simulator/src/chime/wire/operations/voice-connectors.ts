import type { ErrorName, Operation } from '../operation.ts';
import { flag, integer, label, list, oneOf, required, structure, text } from '../shape.ts';
import { arn } from './common.ts';

const connectorId = label(text({ pattern: '\\S' }));
const path = '/voice-connectors/{VoiceConnectorId}/streaming-configuration';

const common: readonly ErrorName[] = [
  'BadRequest',
  'Forbidden',
  'ServiceFailure',
  'ServiceUnavailable',
  'ThrottledClient',
  'UnauthorizedClient',
];

export const createVoiceConnector: Operation = {
  service: 'voice',
  name: 'CreateVoiceConnector',
  method: 'POST',
  path: '/voice-connectors',
  status: 201,
  input: structure({
    Name: required(text({ min: 1, max: 256, pattern: '^[a-zA-Z0-9 _.-]+$' })),
    AwsRegion: oneOf(
      'us-east-1',
      'us-west-2',
      'ca-central-1',
      'eu-central-1',
      'eu-west-1',
      'eu-west-2',
      'ap-northeast-2',
      'ap-northeast-1',
      'ap-southeast-1',
      'ap-southeast-2',
    ),
    RequireEncryption: required(flag),
    Tags: list(structure({ Key: required(text({ min: 1, max: 128 })), Value: required(text({ min: 0, max: 256 })) }), {
      min: 1,
      max: 50,
    }),
    IntegrationType: oneOf('CONNECT_CALL_TRANSFER_CONNECTOR', 'CONNECT_ANALYTICS_CONNECTOR'),
  }),
  errors: ['AccessDenied', 'ResourceLimitExceeded', ...common],
};

export const putVoiceConnectorStreamingConfiguration: Operation = {
  service: 'voice',
  name: 'PutVoiceConnectorStreamingConfiguration',
  method: 'PUT',
  path,
  status: 200,
  input: structure({
    VoiceConnectorId: connectorId,
    StreamingConfiguration: required(
      structure({
        DataRetentionInHours: required(integer({ min: 0 })),
        Disabled: required(flag),
        StreamingNotificationTargets: list(structure({ NotificationTarget: oneOf('EventBridge', 'SNS', 'SQS') }), {
          min: 1,
          max: 3,
        }),
        MediaInsightsConfiguration: structure({ Disabled: flag, ConfigurationArn: arn }),
      }),
    ),
  }),
  errors: ['NotFound', ...common],
};

export const getVoiceConnectorStreamingConfiguration: Operation = {
  service: 'voice',
  name: 'GetVoiceConnectorStreamingConfiguration',
  method: 'GET',
  path,
  status: 200,
  input: structure({ VoiceConnectorId: connectorId }),
  errors: ['NotFound', ...common],
};

export const deleteVoiceConnectorStreamingConfiguration: Operation = {
  service: 'voice',
  name: 'DeleteVoiceConnectorStreamingConfiguration',
  method: 'DELETE',
  path,
  status: 204,
  input: structure({ VoiceConnectorId: connectorId }),
  errors: ['NotFound', ...common],
};
