import type { Classification } from '@onrecord/core';

type Judgement = Pick<Classification, 'code' | 'retry' | 'blame' | 'remedy'>;

/** What a sub-code means, and where the status beside it changes that. */
type SubCode = Judgement & { readonly at?: Readonly<Record<number, Judgement>> };

const caller = { blame: 'caller', retry: 'never' } as const;
const provider = { blame: 'provider', retry: 'safe' } as const;

const startLater = 'Start once the notice call.connected has come.';
const overAlready = 'The call is over, or about to be: nothing more can be asked of it.';
const grantAccess = 'Check the role of the credential and the access settings of the resource.';
const checkKey = 'Check that the access key belongs to this resource.';
const checkCredential = 'Check credential and endpoint.';
const sameResource = 'Use the resource that answered or created the call.';
const waitForMedia = 'Wait until the running media operation is over.';
const noInterop = 'Azure records no calls of this kind with a Communication Services resource.';
const slower = 'Send fewer requests.';
const seeField = 'The message of the service names the field.';
const checkNames = 'Check the ids of the participants.';
const legalOutputs = 'Ask for one of the outputs of the capabilities.';
const askSupport = 'If it goes on, give Azure support the request id.';
const setUpSpeech =
  'Answer, create or connect the call with callIntelligenceOptions.cognitiveServicesEndpoint, which cannot be added ' +
  'later: the endpoint of a multi-service Azure AI resource with a custom subdomain, in a region that Call Automation ' +
  "speaks in, on which the Communication Services resource's managed identity has the role Cognitive Services User. " +
  'A file needs none of it.';

/**
 * Another recording of the call is running; one at a time. After a lost answer of ours it is our own, so it is not
 * `never`, by which the recorder would take the repeated start for refused.
 */
const duplicate: SubCode = {
  code: 'conflict',
  retry: 'exhausted',
  blame: 'caller',
  remedy:
    'This call is being recorded already, by something else than this session, and Azure makes one recording of a call ' +
    'at a time: stop the other one, or record nothing here.',
};
const throttled: SubCode = { code: 'rate-limited', ...provider, remedy: slower };
const noSpeech: SubCode = { code: 'unsupported', ...caller, remedy: setUpSpeech };
const upstream: SubCode = { code: 'unavailable', ...provider, remedy: askSupport };
const denied = (remedy: string): SubCode => ({ code: 'permission-denied', ...caller, remedy });
const unproven = (remedy: string): SubCode => ({ code: 'unauthenticated', ...caller, remedy });
const invalid = (remedy: string): SubCode => ({ code: 'invalid-request', ...caller, remedy });
const early = (remedy: string): SubCode => ({ code: 'invalid-state', ...caller, remedy });
const unable = (remedy: string): SubCode => ({ code: 'unsupported', ...caller, remedy });

/**
 * Sub-codes of Call Automation that recording and playing can meet: the decimal text in `error.code`, which says more
 * than the status. Those of dialling, recognition and transcription are left to the status.
 * @see {@link https://learn.microsoft.com/azure/communication-services/resources/troubleshooting/voice-video-calling/troubleshooting-codes}
 */
const subCodes: Readonly<Record<string, SubCode>> = {
  '7500': unproven('Use a credential of the tenant of this resource.'),
  '7501': unproven('Use a credential whose token is for https://communication.azure.com.'),
  '7502': denied(grantAccess),
  '7504': denied(grantAccess),
  '7505': denied('Use a credential of the tenant of this resource.'),
  '7506': denied(grantAccess),
  '7507': denied(sameResource),
  '7508': denied('Use an access key or Microsoft Entra, not the token of a user.'),
  '7509': unproven(checkKey),
  '7510': denied('Check the managed identity of the resource.'),
  '7600': denied(grantAccess),
  '7601': denied(sameResource),
  '7602': denied(checkNames),
  '7603': denied(checkNames),
  '7604': denied('Allow Teams interoperability for the resource.'),
  '7605': denied('Allow recording of Teams calls for the resource.'),
  '7606': noSpeech,
  '8500': early(waitForMedia),
  '8501': early(startLater),
  '8502': early(startLater),
  '8503': early(startLater),
  '8504': early(startLater),
  '8506': unable(noInterop),
  '8508': { code: 'aborted', ...caller, remedy: 'Something else cancelled it: ask again if it is still wanted.' },
  '8511': upstream,
  '8515': early('The recording reached the longest time that the service records: start another one.'),
  '8516': throttled,
  '8517': denied(sameResource),
  '8518': upstream,
  '8519': { code: 'conflict', ...provider, remedy: 'Do one thing at a time to a call.' },
  '8520': unable('The service does not offer this for this call: see its known limitations.'),
  '8522': {
    code: 'not-found',
    ...caller,
    remedy: overAlready,
    at: {
      405: unable('Give what the message names when the call is answered, created or connected: it cannot follow.'),
    },
  },
  '8523': invalid(seeField),
  '8524': invalid(noInterop),
  '8525': invalid(noInterop),
  '8528': early(overAlready),
  '8529': { code: 'quota-exceeded', ...caller, remedy: 'The limit of a month is used up: raise it.' },
  '8530': { ...throttled, remedy: 'Too many calls at once: end some, or raise the limit.' },
  '8535': invalid('Use a WAV file, mono, 16 bit, 16 kHz.'),
  '8536': {
    code: 'not-found',
    ...caller,
    remedy: `Check that the service can fetch the file over https. Of a text it means that speech is not set up: ${setUpSpeech}`,
  },
  '8543': { code: 'not-found', ...caller, remedy: overAlready },
  '8548': invalid('Name the call by its serverCallId: it is no group call.'),
  '8553': duplicate,
  '8554': early('The participant is on hold or in a private conversation: ask again when that is over.'),
  '8556': unable(noInterop),
  '8557': invalid(legalOutputs),
  '8558': { code: 'not-found', ...caller, remedy: checkNames },
  '8559': duplicate,
  '8562': unable(legalOutputs),
  '8564': { code: 'unavailable', ...provider, remedy: setUpSpeech },
  '8565': {
    code: 'unavailable',
    ...provider,
    remedy: setUpSpeech,
    at: {
      400: invalid('The speech service refused the text: check language, voice and SSML.'),
      401: unproven(setUpSpeech),
      403: { code: 'quota-exceeded', ...caller, remedy: 'Raise the quota of the Azure AI resource.' },
      408: {
        code: 'timeout',
        ...provider,
        remedy: 'The speech service took too long: announce again, or a shorter text.',
      },
      429: { ...throttled, remedy: 'Too many announcements at once for the Azure AI resource.' },
    },
  },
  '8567': noSpeech,
  '8568': noSpeech,
  '8571': { code: 'conflict', ...provider, remedy: 'Another command has not settled: it is sent again by itself.' },
  '8572': upstream,
  '8573': early('A recording is paused while it records, and resumed while it is paused.'),
  '8582': invalid('Give the announcement a text.'),
  '8583': early(waitForMedia),
  '8585': early(startLater),
  '8589': throttled,
  '8606': invalid(checkNames),
  '8608': { code: 'provider-contract', blame: 'provider', retry: 'never', remedy: askSupport },
  '9001': upstream,
  '9002': upstream,
  '9003': upstream,
  '9998': upstream,
  '9999': upstream,
  '10057': { code: 'unavailable', blame: 'provider', retry: 'never', remedy: 'No client is signed in as this user.' },
  '10105': denied('Enable the Teams channel of the bot, and check its settings.'),
  UserLicenseNotPresentForbidden: denied('Give the user licences for Teams and Teams Phone.'),
};

/** Every sub-code with a judgement of its own. */
export const knownSubCodes: readonly string[] = Object.keys(subCodes);

/** What a sub-code says; `status` where one stands beside it. */
export function bySubCode(subCode: string, status?: number): Judgement | undefined {
  const row = Object.hasOwn(subCodes, subCode) ? subCodes[subCode] : undefined;
  if (!row) return undefined;
  const { at, ...judged } = row;
  return (status === undefined ? undefined : at?.[status]) ?? judged;
}

/**
 * What status and sub-code say together. The sub-code decides, but for a failure of the server, which proves no refusal
 * by whatever sub-code comes with it.
 */
export function judgementOf(status: number, subCode: string | undefined): Judgement {
  const judged = subCode === undefined ? undefined : bySubCode(subCode, status);
  if (!judged) return byStatus(status);
  return status >= 500 && judged.blame === 'caller' ? { ...byStatus(status), remedy: judged.remedy } : judged;
}

/** Whether an answer means that what was asked about, a recording, no longer exists. */
export function meansOver(status: number, subCode: string): boolean {
  // 405/8522 is a missing configuration, and a server that fails knows nothing.
  return subCode === '8522' ? status === 404 || status === 410 : meansCallOver(status, subCode);
}

/** Whether an answer about a recording that was begun means that its call is over. */
export function meansCallOver(status: number, subCode: string): boolean {
  return status >= 400 && status < 500 && ['8501', '8528', '8543'].includes(subCode);
}

/** What a status alone says. */
export function byStatus(status: number): Judgement {
  switch (status) {
    case 400:
      return { code: 'invalid-request', ...caller };
    case 401:
      return { code: 'unauthenticated', ...caller, remedy: checkCredential };
    case 403:
      return { code: 'permission-denied', ...caller, remedy: grantAccess };
    case 404:
    case 410:
    case 481:
      return { code: 'not-found', ...caller };
    case 405:
    case 426:
      return { code: 'unsupported', ...caller };
    case 406:
    case 413:
    case 415:
    case 416:
    case 422:
      return { code: 'invalid-request', ...caller };
    case 408:
      return { code: 'timeout', ...provider };
    case 409:
      return { code: 'conflict', ...provider };
    case 412:
      return { code: 'invalid-state', ...caller };
    case 429:
      return { code: 'rate-limited', ...provider, remedy: slower };
    case 487:
      return { code: 'aborted', ...caller };
    case 501:
    case 505:
      return { code: 'unsupported', ...caller };
    default:
      if (status >= 500 && status < 600) return { code: 'unavailable', ...provider };
      return { code: 'provider-contract', blame: 'provider', retry: 'never' };
  }
}
