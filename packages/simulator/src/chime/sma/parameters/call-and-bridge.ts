import { between, isRecord, matches, type ParameterTable } from './parameter-rule.ts';

const isNumber = matches(/^\+[1-9]\d{1,14}$/);
const isUser = matches(/^[a-zA-Z0-9&=+$/%\-_!~*(,).]{1,30}$/);
const isConnector = matches(/^arn:aws[a-z-]*:chime:[a-z0-9-]+:\d{12,13}:(vc|vcg)\/\S+$/);

/** CallAndBridge, without its ringback tone and its SIP headers. The page says 1 to 120 seconds, the error 0 to 120. */
export const CALL_AND_BRIDGE: ParameterTable = [
  {
    name: 'CallTimeoutSeconds',
    accepts: between(0, 120),
    message: 'MaxCallTimeout parameter is invalid. Timeout must be between 0 and 120 seconds.',
  },
  {
    name: 'CallerIdNumber',
    required: true,
    accepts: isNumber,
    message: 'Caller ID is invalid.',
    missing: 'Caller ID is not defined.',
  },
  {
    name: 'Endpoints',
    required: true,
    accepts: (value) => Array.isArray(value) && value.length === 1,
    message: 'The number of endpoints provided is invalid.',
  },
  {
    name: 'Endpoints',
    accepts: (value) => Array.isArray(value) && isEndpoint(value[0]),
    message: 'Endpoint parameter is invalid.',
  },
];

/** Names of headers, in lower case, that belong to the service. */
const RESERVED: readonly string[] = ['x-vine', 'x-amzn', 'x-vc', 'x-canary', 'x-voice'];
const MAX_HEADER_CHARACTERS = 2_048;

/** The names of the SIP headers that are refused. */
export function refusedHeaders(headers: unknown): readonly string[] {
  if (!isRecord(headers)) return headers === undefined || headers === null ? [] : ['SipHeaders'];
  const names = Object.entries(headers).filter(([name, value]) => !isHeader(name.toLowerCase(), value));
  return names.map(([name]) => name);
}

function isHeader(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || value.length > MAX_HEADER_CHARACTERS) return false;
  if (RESERVED.some((reserved) => name === reserved || name.startsWith(`${reserved}-`))) return false;
  return name === 'user-to-user' || name === 'diversion' || /^x-./.test(name);
}

function isEndpoint(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { BridgeEndpointType: type, Uri, Arn } = value;
  if (type === 'PSTN') return isNumber(Uri) && (Arn === undefined || Arn === null);
  return type === 'AWS' && isUser(Uri) && isConnector(Arn);
}
