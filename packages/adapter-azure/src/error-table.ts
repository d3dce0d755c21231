import type { Classification } from '@onrecord/core';

const caller = { blame: 'caller', retry: 'never' } as const;
const provider = { blame: 'provider', retry: 'safe' } as const;

const startLater = 'Start once the notice call.connected has come.';
const grantAccess = 'Check the role of the credential and the access settings of the resource.';
const setUpSpeech =
  'Answer or create the call with callIntelligenceOptions.cognitiveServicesEndpoint, or announce a file instead.';
/**
 * Another recording of the call is running; one at a time. After a lost answer of ours it is our own, so it is not
 * `never`, by which the recorder would take the repeated start for refused.
 */
const duplicate: Classification = {
  code: 'conflict',
  retry: 'exhausted',
  blame: 'caller',
  remedy: 'This call is being recorded already, and Azure makes one recording of a call at a time.',
};
const slower = 'Send fewer requests.';

/**
 * Sub-codes of Call Automation: the decimal text in `error.code`, which says more than the status.
 * @see {@link https://learn.microsoft.com/azure/communication-services/resources/troubleshooting/voice-video-calling/troubleshooting-codes}
 */
const subCodes: Readonly<Record<string, Classification>> = {
  '7502': { code: 'permission-denied', ...caller, remedy: grantAccess },
  '7504': { code: 'permission-denied', ...caller, remedy: grantAccess },
  '7507': { code: 'permission-denied', ...caller, remedy: 'Check the source identity of the call.' },
  '7509': { code: 'unauthenticated', ...caller, remedy: 'Check that the access key belongs to this resource.' },
  '7510': { code: 'permission-denied', ...caller, remedy: 'Check the managed identity of the resource.' },
  '7604': { code: 'permission-denied', ...caller, remedy: 'Allow Teams interoperability for the resource.' },
  '7605': { code: 'permission-denied', ...caller, remedy: 'Allow recording of Teams calls for the resource.' },
  '7606': { code: 'unsupported', ...caller, remedy: setUpSpeech },
  '8500': { code: 'invalid-state', ...caller, remedy: 'Wait until the running media operation is over.' },
  '8501': { code: 'invalid-state', ...caller, remedy: startLater },
  '8506': { code: 'unsupported', ...caller },
  '8508': { code: 'aborted', ...caller },
  '8515': { code: 'invalid-state', ...caller },
  '8516': { code: 'rate-limited', ...provider, remedy: slower },
  '8519': { code: 'conflict', ...provider },
  '8520': { code: 'unsupported', ...caller },
  '8522': { code: 'not-found', ...caller },
  '8523': { code: 'invalid-request', ...caller },
  '8524': { code: 'invalid-request', ...caller },
  '8525': { code: 'invalid-request', ...caller },
  '8528': { code: 'invalid-state', ...caller },
  '8529': { code: 'rate-limited', ...provider, remedy: slower },
  '8530': { code: 'rate-limited', ...provider, remedy: slower },
  '8535': { code: 'invalid-request', ...caller, remedy: 'Use a WAV file, mono, 16 bit, 16 kHz.' },
  '8536': { code: 'not-found', ...caller, remedy: 'Check that the service can fetch the file over https.' },
  '8543': { code: 'not-found', ...caller },
  '8548': { code: 'invalid-request', ...caller },
  '8553': duplicate,
  '8556': { code: 'unsupported', ...caller },
  '8557': { code: 'invalid-request', ...caller },
  '8559': duplicate,
  '8562': { code: 'unsupported', ...caller },
  '8565': { code: 'unavailable', ...provider, remedy: setUpSpeech },
  '8567': { code: 'unsupported', ...caller, remedy: setUpSpeech },
  '8568': { code: 'unsupported', ...caller, remedy: setUpSpeech },
  '8571': { code: 'conflict', ...provider },
  '8572': { code: 'unavailable', ...provider },
  '8573': { code: 'invalid-state', ...caller },
  '8582': { code: 'invalid-request', ...caller, remedy: 'Give the announcement a text.' },
  '8583': { code: 'conflict', ...caller, remedy: 'Wait until the running media operation is over.' },
  '8585': { code: 'invalid-state', ...caller, remedy: startLater },
  '8589': { code: 'rate-limited', ...provider, remedy: slower },
  '8608': { code: 'invalid-request', ...caller },
  '9001': { code: 'unavailable', ...provider },
  '9002': { code: 'unavailable', ...provider },
  '9003': { code: 'unavailable', ...provider },
  '9999': { code: 'unavailable', ...provider },
};

/** Sub-codes by which a stop or a question learns that the recording, or its call, is over. */
const overCodes: readonly string[] = ['8522', '8501', '8528', '8543'];

export function bySubCode(subCode: string): Classification | undefined {
  return Object.hasOwn(subCodes, subCode) ? subCodes[subCode] : undefined;
}

/** Whether the sub-code means that what we asked about no longer exists. */
export function meansOver(subCode: string): boolean {
  return overCodes.includes(subCode);
}

/** Whether the sub-code means that the call itself is over. */
export function meansCallOver(subCode: string): boolean {
  return meansOver(subCode) && subCode !== '8522';
}

/** What a status alone says. */
export function byStatus(status: number): Classification {
  switch (status) {
    case 400:
      return { code: 'invalid-request', ...caller };
    case 401:
      return { code: 'unauthenticated', ...caller, remedy: 'Check credential and endpoint.' };
    case 403:
      return { code: 'permission-denied', ...caller, remedy: grantAccess };
    case 404:
      return { code: 'not-found', ...caller };
    case 405:
      return { code: 'unsupported', ...caller };
    case 408:
      return { code: 'timeout', ...provider };
    case 409:
      return { code: 'conflict', ...provider };
    case 412:
      return { code: 'invalid-state', ...caller };
    case 416:
      return { code: 'invalid-request', ...caller };
    case 429:
      return { code: 'rate-limited', ...provider, remedy: slower };
    default:
      if (status >= 500) return { code: 'unavailable', ...provider };
      return { code: 'provider-contract', blame: 'provider', retry: 'never' };
  }
}
