import type { Operation } from '../operation.ts';
import { integer, label, query, required, structure, text } from '../shape.ts';
import { arn, clientRequestToken, mediaErrors, mediaTags } from './common.ts';
import { elements, realTimeAlerts } from './insights-elements.ts';

const identifier = label(text({ min: 0, max: 1024, pattern: '\\S' }));
const path = '/media-insights-pipeline-configurations';

export const createMediaInsightsPipelineConfiguration: Operation = {
  service: 'media-pipelines',
  name: 'CreateMediaInsightsPipelineConfiguration',
  method: 'POST',
  path,
  status: 201,
  input: structure({
    MediaInsightsPipelineConfigurationName: required(text({ min: 2, max: 64, pattern: '^[0-9a-zA-Z._-]+$' })),
    ResourceAccessRoleArn: required(arn),
    RealTimeAlertConfiguration: realTimeAlerts,
    Elements: required(elements),
    Tags: mediaTags,
    ClientRequestToken: clientRequestToken,
  }),
  errors: ['NotFound', 'ResourceLimitExceeded', ...mediaErrors],
};

export const getMediaInsightsPipelineConfiguration: Operation = {
  service: 'media-pipelines',
  name: 'GetMediaInsightsPipelineConfiguration',
  method: 'GET',
  path: `${path}/{Identifier}`,
  status: 200,
  input: structure({ Identifier: identifier }),
  errors: ['NotFound', ...mediaErrors],
};

export const updateMediaInsightsPipelineConfiguration: Operation = {
  service: 'media-pipelines',
  name: 'UpdateMediaInsightsPipelineConfiguration',
  method: 'PUT',
  path: `${path}/{Identifier}`,
  status: 200,
  input: structure({
    Identifier: identifier,
    ResourceAccessRoleArn: required(arn),
    RealTimeAlertConfiguration: realTimeAlerts,
    Elements: required(elements),
  }),
  errors: ['NotFound', 'Conflict', ...mediaErrors],
};

export const deleteMediaInsightsPipelineConfiguration: Operation = {
  service: 'media-pipelines',
  name: 'DeleteMediaInsightsPipelineConfiguration',
  method: 'DELETE',
  path: `${path}/{Identifier}`,
  status: 204,
  input: structure({ Identifier: identifier }),
  errors: ['NotFound', 'Conflict', ...mediaErrors],
};

export const listMediaInsightsPipelineConfigurations: Operation = {
  service: 'media-pipelines',
  name: 'ListMediaInsightsPipelineConfigurations',
  method: 'GET',
  path,
  status: 200,
  input: structure({
    NextToken: query('next-token', text({ min: 0, max: 4096, pattern: '.*' })),
    MaxResults: query('max-results', integer({ min: 1, max: 100 })),
  }),
  errors: ['ResourceLimitExceeded', ...mediaErrors],
};
