export { type BucketEventsOptions, bucketEventsQueuePolicy, bucketEventsTopicPolicy } from './bucket-events.ts';
export { type CallerPolicyOptions, type CallerUse, callerPolicy } from './caller-policy.ts';
export {
  captureBucketPolicy,
  concatenationDestinationBucketPolicy,
  concatenationSourceBucketPolicy,
  type PipelineBucketOptions,
} from './capture-buckets.ts';
export { type CheckBucketOptions, checkBucket } from './check/check-bucket.ts';
export type { BucketFinding, BucketFindingCode } from './check/finding.ts';
export type { BucketPurpose } from './check/purpose.ts';
export { smaFunctionPolicy } from './function-policy.ts';
export type { Partition } from './input.ts';
export {
  type InsightsElement,
  type InsightsRoleOptions,
  insightsRolePolicy,
  insightsTrustPolicy,
} from './insights-role.ts';
export { meetingEventsKeyStatement, pipelineKeyStatement, smaKeyStatement } from './key-statements.ts';
export { meetingEventsQueuePolicy, meetingEventsTopicPolicy } from './meeting-events.ts';
export { type Conditions, mergePolicies, type OneOrMore, type Policy, type Statement } from './policy.ts';
export { type ServiceLinkedRole, serviceLinkedRoles } from './service-linked-roles.ts';
export {
  type SipMediaApplicationId,
  type SmaBucketOptions,
  smaPromptBucketPolicy,
  smaRecordingBucketPolicy,
} from './sma-buckets.ts';
