import { arn, checkInput, listOf, partitionOf } from './input.ts';
import { type Policy, policyOf, principals } from './policy.ts';
import { application, type SipMediaApplicationId, smaCondition } from './sma-buckets.ts';

/**
 * Lets SIP media applications invoke the function: its resource policy. The console adds one when it makes an application;
 * code has to. As `aws lambda add-permission` takes it: the principal and `--source-account`.
 *
 * @throws OnRecordError `invalid-request` with every problem of the options.
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/ag/troubleshooting-pstn.html}
 */
export function smaFunctionPolicy(options: {
  /** With its alias or version, if the application invokes one. */
  readonly functionArn: string;
  /**
   * Only for these. Undocumented for functions, hence not the default: it is what the guide has for buckets, with the same
   * ARNs. Default: every SIP media application of the account.
   */
  readonly applications?: readonly SipMediaApplicationId[] | undefined;
}): Policy {
  checkInput('policy of the function', options, {
    functionArn: {
      required: true,
      check: arn(
        'lambda',
        /function:[\w-]{1,64}(?::[\w$-]{1,128})?/,
        'arn:aws:lambda:us-east-1:111122223333:function:sma',
      ),
    },
    applications: { check: listOf(application) },
  });
  const { functionArn, applications } = options;
  return policyOf({
    Sid: 'OnRecordSmaInvoke',
    Effect: 'Allow',
    Principal: { Service: principals.voice },
    Action: 'lambda:InvokeFunction',
    Resource: functionArn,
    Condition: smaCondition({
      accountId: functionArn.split(':')[4] ?? '',
      applications,
      partition: partitionOf(functionArn),
    }),
  });
}
