/** What a bucket is set to besides its objects. */
export interface BucketSettings {
  /** JSON as it was put; undefined for a bucket without policy. */
  readonly policy: string | undefined;
  /** Undefined for a bucket as of before 2023, which encrypted nothing by itself. */
  readonly encryption: BucketEncryption | undefined;
  /** Undefined for a bucket as of before 2023: objects belong to their writers. */
  readonly ownership: ObjectOwnership | undefined;
  /** Undefined where nothing is blocked. */
  readonly publicAccessBlock: PublicAccessBlock | undefined;
  /** Undefined for the region of the simulator. It answers all the same: a region is a name here. */
  readonly region: string | undefined;
}

export interface BucketEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** ARN, id or alias; none with `aws:kms` means the key of AWS for S3. */
  readonly keyId?: string | undefined;
  readonly bucketKey?: boolean | undefined;
}

export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

/** What S3 gives a bucket that is made today. */
export const newBucketSettings: BucketSettings = {
  policy: undefined,
  encryption: { algorithm: 'AES256', bucketKey: false },
  ownership: 'BucketOwnerEnforced',
  publicAccessBlock: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
  region: undefined,
};
