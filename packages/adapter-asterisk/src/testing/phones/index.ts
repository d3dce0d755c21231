export { ask, authorizationOf, Refused } from './ari-request.ts';
export { Exchange } from './exchange.ts';
export { type MediaLine, openLine } from './media.ts';
export { type CallOptions, type PlacedCall, placeCall } from './place-call.ts';
export type { SilencePolicy } from './rtp-line.ts';
export { type PhoneOptions, RtpPhone } from './rtp-phone.ts';
