import type { Operation } from '../operation.ts';
import * as insights from './insights.ts';
import * as insightsConfigurations from './insights-configurations.ts';
import * as liveConnector from './live-connector.ts';
import * as mediaPipelines from './media-pipelines.ts';
import * as mediaTags from './media-tags.ts';
import * as meetings from './meetings.ts';
import * as streamPipelines from './stream-pipelines.ts';
import * as streamPools from './stream-pools.ts';
import * as voice from './voice.ts';
import * as voiceConnectors from './voice-connectors.ts';

/** Every operation that the simulator offers. */
export const OPERATIONS: readonly Operation[] = [
  ...Object.values(voice),
  ...Object.values(voiceConnectors),
  ...Object.values(insights),
  ...Object.values(insightsConfigurations),
  ...Object.values(meetings),
  ...Object.values(mediaPipelines),
  ...Object.values(mediaTags),
  ...Object.values(liveConnector),
  ...Object.values(streamPipelines),
  ...Object.values(streamPools),
];
