import { unknownMembers } from '@onrecord/core';
import type { Problem } from '../../options/problem.ts';
import type { InsightsConfiguration } from './check-configuration.ts';

type Members = Readonly<Record<string, unknown>>;

const analytics = 'AmazonTranscribeCallAnalyticsProcessor';
const transcribers = ['AmazonTranscribeProcessor', analytics];
/** The members of each type's configuration. Sentiments and issues are found by call analytics only. */
const rules: Readonly<Record<string, { readonly member: string; readonly names: readonly string[] }>> = {
  KeywordMatch: { member: 'KeywordMatchConfiguration', names: ['RuleName', 'Keywords', 'Negate'] },
  Sentiment: { member: 'SentimentConfiguration', names: ['RuleName', 'SentimentType', 'TimePeriod'] },
  IssueDetection: { member: 'IssueDetectionConfiguration', names: ['RuleName'] },
};

/** Everything wrong with real-time alerts: one to three rules on what is said. */
export function alertProblems({
  RealTimeAlertConfiguration: alerts,
  Elements = [],
}: InsightsConfiguration): readonly Problem[] {
  if (alerts === undefined || alerts.Disabled === true) return [];
  const path = 'RealTimeAlertConfiguration';
  const list = (alerts.Rules ?? []).map((rule): Members => ({ ...rule }));
  const types = Elements.map(({ Type }) => String(Type));
  const problems: Problem[] = [];
  if (list.length < 1 || list.length > 3) problems.push({ path: `${path}.Rules`, message: 'Must be 1 to 3.' });
  if (!types.some((type) => transcribers.includes(type))) {
    problems.push({ path, message: 'Needs a transcriber among the elements: alerts follow from what is said.' });
  } else if (!types.includes(analytics) && list.some(({ Type }) => Type === 'Sentiment' || Type === 'IssueDetection')) {
    problems.push({ path, message: `Sentiment and IssueDetection need an ${analytics}; others match keywords only.` });
  }
  return [...problems, ...list.flatMap((rule, index) => ruleProblems(rule, `${path}.Rules[${index}]`))];
}

function ruleProblems(rule: Members, path: string): readonly Problem[] {
  const known = rules[String(rule['Type'])];
  if (!known) return [{ path: `${path}.Type`, message: `Must be ${Object.keys(rules).join(', ')}.` }];
  const { member, names } = known;
  const configuration = rule[member];
  if (typeof configuration !== 'object' || configuration === null) {
    return [
      { path: `${path}.${member}`, message: `Missing: RuleName and the rest stand in it, whatever guides print.` },
    ];
  }
  const members = configuration as Members;
  const problems: Problem[] = [
    ...unknownMembers(rule, ['Type', member], path),
    ...unknownMembers(members, names, `${path}.${member}`),
  ];
  const wrong = (name: string, message: string) => problems.push({ path: `${path}.${member}.${name}`, message });
  const { RuleName: name } = members;
  if (typeof name !== 'string' || !/^[0-9a-zA-Z._-]{2,64}$/.test(name)) {
    wrong('RuleName', 'Must have 2 to 64 letters, digits, ".", "_" and "-".');
  }
  if (names.includes('Keywords') && !areKeywords(members['Keywords'])) {
    wrong('Keywords', 'Must be 1 to 10, each of 1 to 100 letters, digits, spaces, "\'" and "-".');
  }
  if (names.includes('TimePeriod')) {
    const seconds = Number(members['TimePeriod']);
    if (!Number.isInteger(seconds) || seconds < 60 || seconds > 1800)
      wrong('TimePeriod', 'Must be 60 to 1800 seconds.');
    if (members['SentimentType'] !== 'NEGATIVE') wrong('SentimentType', 'Must be NEGATIVE.');
  }
  return problems;
}

function areKeywords(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 1 || value.length > 10) return false;
  return value.every((word) => typeof word === 'string' && /^[\s0-9a-zA-Z'-]{1,100}$/.test(word));
}
