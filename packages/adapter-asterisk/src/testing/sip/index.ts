export { placeSipCall, type SipCall, type SipCallOptions } from './place-sip-call.ts';
