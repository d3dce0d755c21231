/** AWS credentials, or what provides them; default: the SDK's own chain (environment, profile, role). */
export type AwsCredentials =
  | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined }
  | (() => Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }>);

export interface AwsOptions {
  /** Control region, where the calls are managed: not the media region of a meeting. */
  readonly region: string;
  readonly credentials?: AwsCredentials | undefined;
  /** For tests and private endpoints; default: the service's own. */
  readonly endpoint?: string | undefined;
}

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

export interface CommonClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials?: Keys | (() => Promise<Keys>);
  readonly endpoint?: string;
}

/** Options of any SDK client, the way the adapters need them: core repeats requests itself, so the SDK must not. */
export function clientConfig(options: AwsOptions, region: string): CommonClientConfig {
  const { credentials, endpoint } = options;
  return {
    region,
    maxAttempts: 1,
    ...(credentials === undefined ? {} : { credentials: plain(credentials) }),
    // With a slash at its end the SDK would send two.
    ...(endpoint === undefined ? {} : { endpoint: endpoint.replace(/\/+$/, '') }),
  };
}

function plain(credentials: AwsCredentials): Keys | (() => Promise<Keys>) {
  if (typeof credentials === 'function') return credentials;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
