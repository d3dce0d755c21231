export * from './call-ref.ts';
export {
  type AsteriskCapabilities,
  asterisk16Capabilities,
  asterisk22Capabilities,
  capabilitiesFor,
} from './capabilities.ts';
export { AriError, type Operation } from './client/ari-error.ts';
export * from './config/options.ts';
export { AsteriskDriver, asterisk } from './driver.ts';
export type { AsteriskNative } from './native.ts';
export type { ServerInfo, ServerProbe } from './probe.ts';
export type { AsteriskStartOptions } from './start-options.ts';
