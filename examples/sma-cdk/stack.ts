import { smaRecordingBucketPolicy } from '@onrecord/adapter-chime/policies';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface SmaStackProps {
  /** 12 digits. The SIP media application, function and buckets are in it. */
  readonly account: string;
  /** Of all of them, one that has SIP media applications. */
  readonly region: string;
  readonly recordings: string;
  readonly sessions: string;
  /** The ids of your applications once they exist; until then every one of the account may store recordings. */
  readonly applicationIds?: readonly string[] | undefined;
  /** Where the bundled function is; see `bundleFunction`. */
  readonly code: string;
}

/** Where recordings land in their bucket. */
const prefix = 'calls';

/** A Lambda function that records the calls of a SIP media application, and the buckets for recordings and sessions. */
export class SmaStack extends Stack {
  constructor(scope: Construct, id: string, props: SmaStackProps) {
    const { account, region, applicationIds, code } = props;
    super(scope, id, { env: { account, region } });

    const recordings = this.#bucket('Recordings', props.recordings);
    const applications = applicationIds?.map((applicationId) => ({ region, id: applicationId }));
    const policy = smaRecordingBucketPolicy({
      bucket: props.recordings,
      accountId: account,
      prefix,
      ...(applications ? { applications } : {}),
    });
    for (const statement of policy.Statement) recordings.addToResourcePolicy(PolicyStatement.fromJson(statement));

    const sessions = this.#bucket('Sessions', props.sessions);
    const handler = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'handler.handler',
      code: Code.fromAsset(code),
      memorySize: 512,
      // The service repeats an invocation after 5 s; the handler answers after 3.5 s at the latest.
      timeout: Duration.seconds(10),
      environment: {
        RECORDINGS_BUCKET: props.recordings,
        RECORDINGS_PREFIX: prefix,
        SESSIONS_BUCKET: props.sessions,
      },
    });
    // On the recordings it needs nothing: the service stores them.
    sessions.grantReadWrite(handler);
    handler.addPermission('Sma', {
      principal: new ServicePrincipal('voiceconnector.chime.amazonaws.com'),
      sourceAccount: account,
    });

    // CloudFormation knows no SIP media applications.
    new CfnOutput(this, 'NextCommand', {
      description: 'Creates the SIP media application; a SIP rule then gives it telephone numbers.',
      value: `aws chime-sdk-voice create-sip-media-application --region ${region} --aws-region ${region} --name recording --endpoints LambdaArn=${handler.functionArn}`,
    });
  }

  #bucket(id: string, bucketName: string): Bucket {
    return new Bucket(this, id, {
      bucketName,
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
