import type { CreateMediaInsightsPipelineConfigurationCommandInput } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { unknownMembers } from '@onrecord/core';
import type { Problem } from '../../options/problem.ts';
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
const transcribers = ['AmazonTranscribeProcessor', 'AmazonTranscribeCallAnalyticsProcessor'];

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

/** Real-time alerts: rules of transcription, three at most. */
function alertProblems({
  RealTimeAlertConfiguration: alerts,
  Elements = [],
}: InsightsConfiguration): readonly Problem[] {
  if (alerts === undefined || alerts.Disabled === true) return [];
  const path = 'RealTimeAlertConfiguration';
  const rules = alerts.Rules ?? [];
  const problems: Problem[] = [];
  if (rules.length < 1 || rules.length > 3) problems.push({ path: `${path}.Rules`, message: 'Must be 1 to 3.' });
  if (!Elements.some(({ Type }) => transcribers.includes(String(Type)))) {
    problems.push({ path, message: 'Needs a transcriber among the elements: alerts follow from what is said.' });
  }
  for (const [index, rule] of rules.entries()) {
    const at = `${path}.Rules[${index}]`;
    const {
      KeywordMatchConfiguration: keywords,
      SentimentConfiguration: sentiment,
      IssueDetectionConfiguration: issue,
    } = rule;
    const name = keywords?.RuleName ?? sentiment?.RuleName ?? issue?.RuleName;
    if (!/^[0-9a-zA-Z._-]{2,64}$/.test(String(name))) {
      problems.push({ path: `${at}.RuleName`, message: 'Must have 2 to 64 letters, digits, ".", "_" and "-".' });
    }
    if (keywords && !(keywords.Keywords && keywords.Keywords.length >= 1 && keywords.Keywords.length <= 10)) {
      problems.push({ path: `${at}.KeywordMatchConfiguration.Keywords`, message: 'Must be 1 to 10.' });
    }
    const seconds = sentiment?.TimePeriod;
    if (sentiment && !(seconds !== undefined && seconds >= 60 && seconds <= 1800)) {
      problems.push({ path: `${at}.SentimentConfiguration.TimePeriod`, message: 'Must be 60 to 1800 seconds.' });
    }
  }
  return problems;
}
