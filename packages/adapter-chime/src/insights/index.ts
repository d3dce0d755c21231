export {
  type ChimeKvsStreamsCall,
  type ChimeKvsStreamsData,
  chimeKvsStreams,
  chimeKvsStreamsOf,
  type StreamingDetail,
} from './call-ref.ts';
export { type ChimeInsightsCapabilities, chimeInsightsCapabilities } from './capabilities.ts';
export type { InsightsClients } from './client.ts';
export type { AdoptOptions, ChimeInsightsOptions, FragmentSelectorName } from './config.ts';
export { checkConfiguration, type InsightsConfiguration } from './configuration/check-configuration.ts';
export {
  type ConfigurationSummary,
  chimeInsightsConfigurations,
  InsightsConfigurations,
  type InsightsConfigurationsOptions,
} from './configuration/configurations.ts';
export type { VoiceConnectorAssociation } from './configuration/streaming.ts';
export { ChimeInsightsDriver, type ChimeInsightsNative, chimeInsights } from './driver.ts';
export type { ChimeInsightsStartOptions } from './map-pipeline.ts';
export { type ConnectorRecordingKey, parseConnectorKey } from './recording-key.ts';
