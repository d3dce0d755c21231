import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/index.ts';
import { jsonAnswer } from '../server/api-error.ts';

/** A refusal of the directory. Source: Entra "authentication and authorization error codes" (AADSTS). */
export class EntraError extends Error {
  readonly status: number;
  readonly error: string;
  readonly code: number;

  constructor(status: number, error: string, code: number, message: string) {
    super(message);
    this.name = 'EntraError';
    this.status = status;
    this.error = error;
    this.code = code;
  }
}

export const unknownTenant = (tenant: string): EntraError => {
  const text = `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`;
  return new EntraError(400, 'invalid_request', 90_002, text);
};

export const unknownApplication = (clientId: string, tenantId: string): EntraError => {
  const text = `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`;
  return new EntraError(400, 'unauthorized_client', 700_016, text);
};

export const missingParameter = (name: string): EntraError => {
  const text = `The request body must contain the following parameter: '${name}'.`;
  return new EntraError(400, 'invalid_request', 900_144, text);
};

export const unsupportedGrant = (grant: string): EntraError =>
  new EntraError(400, 'unsupported_grant_type', 70_003, `The app requested an unsupported grant type '${grant}'.`);

export const noCredential = (): EntraError => {
  const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
  return new EntraError(401, 'invalid_client', 7_000_218, text);
};

export const wrongSecret = (clientId: string): EntraError => {
  const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`;
  return new EntraError(401, 'invalid_client', 7_000_215, text);
};

export const wrongAssertion = (): EntraError =>
  new EntraError(
    401,
    'invalid_client',
    700_027,
    'The key was not found, or the client assertion failed signature validation.',
  );

export const lateAssertion = (): EntraError =>
  new EntraError(401, 'invalid_client', 700_024, 'Client assertion is not within its valid time range.');

export const wrongAssertionAudience = (): EntraError =>
  new EntraError(401, 'invalid_client', 700_023, 'Client assertion audience claim does not match Realm issuer.');

export const wrongAssertionSubject = (): EntraError =>
  new EntraError(
    401,
    'invalid_client',
    700_021,
    'Client assertion application identifier does not match the client_id parameter.',
  );

export const noDefaultScope = (scope: string): EntraError => {
  const text = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
  return new EntraError(400, 'invalid_scope', 1_002_012, text);
};

export const unknownResource = (resource: string, tenantId: string): EntraError => {
  const text = `The resource principal named ${resource} was not found in the tenant named ${tenantId}.`;
  return new EntraError(400, 'invalid_resource', 500_011, text);
};

/** The body of a refusal, with the ids that support asks for. */
export function entraErrorAnswer({ status, error, code, message }: EntraError, nowMs: number): Answer {
  const trace_id = randomUUID();
  const correlation_id = randomUUID();
  const timestamp = `${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const ids = `Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`;
  return jsonAnswer(status, {
    error,
    error_description: `AADSTS${code}: ${message} ${ids}`,
    error_codes: [code],
    timestamp,
    trace_id,
    correlation_id,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}
