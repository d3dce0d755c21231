import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { SipMediaApplication } from './sip-media-application.ts';

type Pairs = Readonly<Record<string, string>>;

/** The operations of the voice API that place and update the calls of SIP media applications. */
export function voiceHandlers(
  applications: ReadonlyMap<string, SipMediaApplication>,
): Readonly<Record<string, OperationHandler>> {
  return {
    CreateSipMediaApplicationCall: async (input) => {
      const application = applications.get(idOf(input));
      if (!application) throw new ServiceError('BadRequest', `There is no SIP media application ${idOf(input)}`);
      const from = String(input['FromPhoneNumber']);
      const to = String(input['ToPhoneNumber']);
      return answer(application.placeOutboundCall(from, to, input['ArgumentsMap'] as Pairs | undefined).transactionId);
    },
    UpdateSipMediaApplicationCall: async (input) => {
      const transactionId = String(input['TransactionId']);
      const application = applications.get(idOf(input));
      if (!application?.updateCall(transactionId, input['Arguments'] as Pairs)) {
        throw new ServiceError('NotFound', `There is no call ${transactionId} in progress`);
      }
      return answer(transactionId);
    },
  };
}

function idOf(input: RequestInput): string {
  return String(input['SipMediaApplicationId']);
}

function answer(transactionId: string): object {
  return { SipMediaApplicationCall: { TransactionId: transactionId } };
}
