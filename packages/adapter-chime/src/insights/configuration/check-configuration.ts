import type { CreateMediaInsightsPipelineConfigurationCommandInput } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { unknownMembers } from '@onrecord/core';
import type { Problem } from '../../options/problem.ts';
import { alertProblems } from './alerts.ts';
import { elementProblems, type Place } from './elements.ts';

/** A configuration of call analytics, in the words of the API. */
export type InsightsConfiguration = Omit<
  CreateMediaInsightsPipelineConfigurationCommandInput,
  'MediaInsightsPipelineConfigurationName'
> & { readonly MediaInsightsPipelineConfigurationName?: string | undefined };

/** `Arn` of the model. */
const arnPattern = /^arn[/:\-_.a-zA-Z0-9]{1,1021}$/;

const members = [
  'MediaInsightsPipelineConfigurationName',
  'ResourceAccessRoleArn',
  'RealTimeAlertConfiguration',
  'Elements',
  'Tags',
  'ClientRequestToken',
];

/**
 * Everything wrong with a configuration, by field and rule, before anything is sent: what the SDK does not check, and what
 * the model does not say. Empty when there is nothing.
 *
 * @example
 * ```ts
 * for (const { path, message } of checkConfiguration(configuration, { region, accountId })) console.error(path, message);
 * ```
 */
export function checkConfiguration(configuration: InsightsConfiguration, place: Place): readonly Problem[] {
  const { MediaInsightsPipelineConfigurationName: name, ResourceAccessRoleArn: role } = configuration;
  const problems: Problem[] = [...unknownMembers(configuration, members)];
  if (name !== undefined && !/^[0-9a-zA-Z._-]{2,64}$/.test(name)) {
    const message = 'Must have 2 to 64 letters, digits, ".", "_" and "-".';
    problems.push({ path: 'MediaInsightsPipelineConfigurationName', message });
  }
  if (!new RegExp(`^arn:[\\w-]+:iam::${place.accountId}:role/`).test(String(role))) {
    const message = `Must be the ARN of a role of account ${place.accountId}: roles of other accounts cannot be used.`;
    problems.push({ path: 'ResourceAccessRoleArn', message });
  } else if (!arnPattern.test(String(role))) {
    const message =
      'Must hold letters, digits and "/", ":", "-", "_", "." only, 1,024 at most: the service takes no other role names.';
    problems.push({ path: 'ResourceAccessRoleArn', message });
  }
  problems.push(...elementProblems(configuration.Elements, place), ...alertProblems(configuration));
  const { ClientRequestToken: token, Tags: tags } = configuration;
  if (token !== undefined && !/^[-_a-zA-Z0-9]{2,64}$/.test(token)) {
    problems.push({ path: 'ClientRequestToken', message: 'Must have 2 to 64 letters, digits, "-" and "_".' });
  }
  if (tags !== undefined && (tags.length < 1 || tags.length > 200)) {
    problems.push({ path: 'Tags', message: 'Must be 1 to 200, or left out.' });
  }
  for (const [index, { Key: key = '', Value: value = '' }] of (tags ?? []).entries()) {
    if (key.length >= 1 && key.length <= 128 && value.length <= 256) continue;
    problems.push({
      path: `Tags[${index}]`,
      message: 'Must have a Key of 1 to 128 characters and a Value of at most 256.',
    });
  }
  return problems;
}
