import type { AsteriskNative } from '@onrecord/adapter-asterisk';
import type { AzureNative } from '@onrecord/adapter-azure';
import type { ChimeInsightsNative, ChimeMeetingNative, ChimeSmaNative } from '@onrecord/adapter-chime';
import type { DriverContext, JsonObject, RecordingDriver } from '@onrecord/core';

/** Asks a provider something that changes nothing there. Says what its answer proves; throws what the SDK throws. */
type Question = (driver: RecordingDriver, options: JsonObject, context: DriverContext) => Promise<string>;

/** Of nothing that exists, so that nothing can happen to it. */
export const nobody: string = '00000000-0000-4000-8000-000000000000';

/** By type of provider, as in a configuration. */
export const questions: { readonly [type: string]: Question } = {
  async 'chime-meeting'(driver, _, { signal }) {
    const { pipelines } = (driver.native() as ChimeMeetingNative).clients();
    const { ListMediaCapturePipelinesCommand } = await import('@aws-sdk/client-chime-sdk-media-pipelines');
    await pipelines.send(new ListMediaCapturePipelinesCommand({ MaxResults: 1 }), { abortSignal: signal });
    return 'The media pipelines API answers, and these credentials may list pipelines.';
  },
  async 'chime-sma'(driver, { sipMediaApplicationId }, { signal }) {
    const client = (driver.native() as ChimeSmaNative).client();
    const { UpdateSipMediaApplicationCallCommand } = await import('@aws-sdk/client-chime-sdk-voice');
    const configured = typeof sipMediaApplicationId === 'string' ? sipMediaApplicationId : undefined;
    const SipMediaApplicationId = configured ?? nobody;
    const command = { SipMediaApplicationId, TransactionId: nobody, Arguments: { onrecord: 'doctor' } };
    await notFoundIsFine(
      driver,
      client.send(new UpdateSipMediaApplicationCallCommand(command), { abortSignal: signal }),
    );
    const proven = 'The voice API answers at this address, takes these keys, and lets them send commands to calls.';
    // There is no such call either way, and the answer does not tell which of the two is unknown.
    return configured === undefined
      ? proven
      : `${proven} Whether there is a SIP media application ${configured} was not looked at.`;
  },
  async 'chime-insights'(driver, _, { signal }) {
    const { pipelines } = (driver.native() as ChimeInsightsNative).clients();
    const { ListMediaInsightsPipelineConfigurationsCommand } = await import(
      '@aws-sdk/client-chime-sdk-media-pipelines'
    );
    const command = new ListMediaInsightsPipelineConfigurationsCommand({ MaxResults: 1 });
    await pipelines.send(command, { abortSignal: signal });
    return 'The media pipelines API answers, and these credentials may list configurations.';
  },
  async azure(driver, { connectionString, credential }, { signal }) {
    const { recording } = driver.native() as AzureNative;
    await notFoundIsFine(driver, recording.getState(Buffer.from(nobody).toString('base64'), { abortSignal: signal }));
    const key = connectionString !== undefined || (typeof credential === 'object' && 'accessKey' in (credential ?? {}));
    return `Call Automation answers, and takes ${key ? 'this key' : 'the tokens of this identity'}.`;
  },
  async asterisk(driver, _, context) {
    const { version } = await (driver.native() as AsteriskNative).probe(context);
    return `Asterisk ${version} answers, and records what this adapter asks for.`;
  },
};

/** The answer that something does not exist comes after the check of key and permission. */
async function notFoundIsFine(driver: RecordingDriver, answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    const { code } = driver.classifyError(error);
    if (code !== 'not-found' && code !== 'invalid-request') throw error;
  }
}
