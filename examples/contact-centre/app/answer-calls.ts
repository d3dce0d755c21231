import type { CallAutomationClient } from '@azure/communication-call-automation';

/** What Event Grid says of a call that rings, as far as this program reads it. */
interface IncomingCall {
  readonly eventType: string;
  readonly data: { readonly incomingCallContext: string };
}

/**
 * Answers the calls that a delivery of Event Grid tells of. Hand it only what `recorder.ingest` took: that has checked
 * the secret of the subscription. `incomingCallContext` answers the call, so it is a secret, too.
 *
 * @param callbackUrl of the driver, so that the notices of the call reach the recorder.
 * @param cognitiveServicesEndpoint speaks the notice; it cannot be given later.
 */
export async function answerCalls(
  delivery: Request,
  client: CallAutomationClient,
  {
    callbackUrl,
    cognitiveServicesEndpoint,
  }: { readonly callbackUrl: string; readonly cognitiveServicesEndpoint: string },
): Promise<void> {
  if (delivery.headers.get('aeg-event-type') !== 'Notification') return;
  const body: unknown = await delivery.json();
  const events = (Array.isArray(body) ? body : [body]) as readonly IncomingCall[];
  for (const { eventType, data } of events) {
    if (eventType !== 'Microsoft.Communication.IncomingCall') continue;
    await client.answerCall(data.incomingCallContext, callbackUrl, {
      callIntelligenceOptions: { cognitiveServicesEndpoint },
    });
  }
}
