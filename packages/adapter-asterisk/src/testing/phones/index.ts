export { Exchange, Refused } from './exchange.ts';
export { type CallOptions, type PlacedCall, placeCall } from './place-call.ts';
export type { SilencePolicy } from './rtp-line.ts';
export { type PhoneOptions, RtpPhone } from './rtp-phone.ts';
