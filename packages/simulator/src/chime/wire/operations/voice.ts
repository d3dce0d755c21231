import type { ErrorName, Operation } from '../operation.ts';
import { label, map, required, structure, text } from '../shape.ts';

const nonEmpty = text({ pattern: '\\S' });
const phoneNumber = text({ pattern: '^\\+?[1-9]\\d{1,14}$' });
const pairs = map({ min: 0, max: 20 });

const common: readonly ErrorName[] = [
  'BadRequest',
  'Forbidden',
  'ResourceLimitExceeded',
  'ServiceFailure',
  'ServiceUnavailable',
  'ThrottledClient',
  'UnauthorizedClient',
];

export const createSipMediaApplicationCall: Operation = {
  service: 'voice',
  name: 'CreateSipMediaApplicationCall',
  method: 'POST',
  path: '/sip-media-applications/{SipMediaApplicationId}/calls',
  status: 201,
  input: structure({
    FromPhoneNumber: required(phoneNumber),
    ToPhoneNumber: required(phoneNumber),
    SipMediaApplicationId: label(nonEmpty),
    SipHeaders: pairs,
    ArgumentsMap: pairs,
  }),
  errors: ['AccessDenied', ...common],
};

export const updateSipMediaApplicationCall: Operation = {
  service: 'voice',
  name: 'UpdateSipMediaApplicationCall',
  method: 'POST',
  path: '/sip-media-applications/{SipMediaApplicationId}/calls/{TransactionId}',
  status: 202,
  input: structure({
    SipMediaApplicationId: label(nonEmpty),
    TransactionId: label(nonEmpty),
    Arguments: required(pairs),
  }),
  errors: ['NotFound', ...common],
};
