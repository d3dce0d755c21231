/**
 * Control regions that have media pipelines. Meetings are in more.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/media-pipelines.html} the quotas by region
 */
export const pipelineRegions: readonly string[] = [
  'us-east-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-west-2',
];

/** Why nothing can be captured from a control region; undefined where it can. */
export function withoutPipelines(region: string, allowed: readonly string[] | 'any'): string | undefined {
  if (allowed === 'any' || allowed.includes(region)) return undefined;
  return (
    `There are no media pipelines in ${region}; there are in ${allowed.join(', ')}. A pipeline is managed where the ` +
    'meeting was created: create the meeting in one of these control regions, whatever its media region.'
  );
}
