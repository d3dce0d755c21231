import { arn, checkInput, partitionOf } from './input.ts';
import { type Policy, policyOf, principals, type Statement } from './policy.ts';

/**
 * Lets the Chime SDK send meeting events to a queue. It must lie in the region of the API that creates the meetings.
 *
 * @throws OnRecordError `invalid-request` for an ARN that is none of a queue.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/mtgs-sdk-notifications.html}
 */
export function meetingEventsQueuePolicy(options: { readonly queueArn: string }): Policy {
  checkInput('policy of the queue', options, {
    queueArn: {
      required: true,
      check: arn('sqs', /[\w-]{1,75}(?:\.fifo)?/, 'arn:aws:sqs:us-east-1:111122223333:meetings'),
    },
  });
  return policyOf(statement(options.queueArn, ['sqs:SendMessage', 'sqs:GetQueueUrl']));
}

/**
 * Lets the Chime SDK publish meeting events to a topic. It must lie in the region of the API that creates the meetings.
 *
 * @throws OnRecordError `invalid-request` for an ARN that is none of a topic.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/mtgs-sdk-notifications.html}
 */
export function meetingEventsTopicPolicy(options: { readonly topicArn: string }): Policy {
  checkInput('policy of the topic', options, {
    topicArn: {
      required: true,
      check: arn('sns', /[\w-]{1,251}(?:\.fifo)?/, 'arn:aws:sns:us-east-1:111122223333:meetings'),
    },
  });
  return policyOf(statement(options.topicArn, ['sns:Publish']));
}

function statement(resource: string, actions: readonly string[]): Statement {
  const account = resource.split(':')[4] ?? '';
  return {
    Sid: 'OnRecordMeetingEvents',
    Effect: 'Allow',
    Principal: { Service: principals.meetings },
    Action: actions,
    Resource: resource,
    Condition: {
      // Meetings' ARNs name no region here.
      ArnLike: { 'aws:SourceArn': `arn:${partitionOf(resource)}:chime::${account}:*` },
      StringEquals: { 'aws:SourceAccount': account },
    },
  };
}
