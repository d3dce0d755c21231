/** Regions in which SIP media applications run. Source: the guide's table of PSTN regions. */
const smaRegions: ReadonlySet<string> = new Set([
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'us-east-1',
  'us-west-2',
]);

/** Regions in which media pipelines run, which follow their meeting. Source: the guide's table of pipeline regions. */
const pipelineRegions: ReadonlySet<string> = new Set([
  'af-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]);

/** Regions that an account has to enable. Source: the guide on capture buckets, and the general reference. */
const optInRegions: ReadonlySet<string> = new Set([
  'af-south-1',
  'ap-east-1',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
]);

/** Whether SIP media applications can be there. */
export const hasSma = (region: string): boolean => smaRegions.has(region);
/** Whether media pipelines can be there: not in every region that has meetings. */
export const hasPipelines = (region: string): boolean => pipelineRegions.has(region);
export const isOptIn = (region: string): boolean => optInRegions.has(region);
