import { type SignatureProblem, type SigningCredentials, verifySignature } from '../http/sigv4.ts';
import { S3Error, type S3ErrorCode } from './error.ts';
import { header, type S3Request } from './request.ts';

export interface Authentication {
  readonly credentials: readonly SigningCredentials[];
  readonly region: string;
  readonly accountId: string;
  readonly now: number;
}

const CODES: Readonly<Record<SignatureProblem, S3ErrorCode>> = {
  anonymous: 'AccessDenied',
  'malformed-header': 'AuthorizationHeaderMalformed',
  'malformed-query': 'AuthorizationQueryParametersError',
  'missing-payload-hash': 'InvalidRequest',
  'unknown-key': 'InvalidAccessKeyId',
  'wrong-token': 'InvalidToken',
  'wrong-region': 'AuthorizationHeaderMalformed',
  'unsigned-header': 'AccessDenied',
  'time-skewed': 'RequestTimeTooSkewed',
  'not-yet-valid': 'AccessDenied',
  expired: 'AccessDenied',
  mismatch: 'SignatureDoesNotMatch',
};

/**
 * Refuses a request that the account's keys did not sign.
 * @throws {@link S3Error} with the code and text that S3 gives
 */
export function authenticate(request: S3Request, options: Authentication): void {
  const { credentials, region, now } = options;
  const verdict = verifySignature(
    { method: request.method, url: request.url, headers: request.received },
    { credentials, region, now, service: 's3' },
  );
  if (!verdict.ok) throw refusal(verdict.problem, verdict.detail, options);
  const owner = header(request, 'x-amz-expected-bucket-owner');
  if (owner !== undefined && owner !== options.accountId) throw new S3Error('AccessDenied');
}

function refusal(problem: SignatureProblem, detail: string, options: Authentication): S3Error {
  const code = CODES[problem];
  const serverTime = new Date(options.now).toISOString();
  switch (problem) {
    case 'malformed-header':
    case 'malformed-query':
      return new S3Error(code, detail);
    case 'missing-payload-hash':
      return new S3Error(code, `Missing required header for this request: ${detail}`);
    case 'unknown-key':
      return new S3Error(code, undefined, { AWSAccessKeyId: detail });
    case 'wrong-region':
      return new S3Error(
        code,
        `The authorization header is malformed; the region '${detail}' is wrong; expecting '${options.region}'`,
        {
          Region: options.region,
        },
      );
    case 'unsigned-header':
      return new S3Error(code, 'There were headers present in the request which were not signed', {
        HeadersNotSigned: detail,
      });
    case 'time-skewed':
      return new S3Error(code, undefined, {
        RequestTime: detail,
        ServerTime: serverTime,
        MaxAllowedSkewMilliseconds: '900000',
      });
    case 'not-yet-valid':
      return new S3Error(code, 'Request is not yet valid', { ServerTime: serverTime });
    case 'expired':
      return new S3Error(code, 'Request has expired', { Expires: detail, ServerTime: serverTime });
    case 'mismatch':
      return new S3Error(code, undefined, { CanonicalRequest: detail });
    default:
      return new S3Error(code);
  }
}
