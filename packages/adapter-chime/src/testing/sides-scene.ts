import {
  ChimeSDKMediaPipelinesClient,
  CreateMediaPipelineKinesisVideoStreamPoolCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { type Anomaly, type Artifact, type JsonObject, Secret, type SessionRecord } from '@onrecord/core';
import type { ChimeSidesOptions } from '../index.ts';
import { type MeetingScene, type MeetingSceneOptions, openMeetingScene } from './meeting-scene.ts';

/** The part of an address that nobody may see. */
export const STREAM_KEY = 'live_51_QkX7secretstreamkey';
export const LIVE_URL = `rtmps://live.example:443/app/${STREAM_KEY}`;
export const live: NonNullable<ChimeSidesOptions['live']> = { youtube: { url: new Secret(LIVE_URL) } };

const output = { media: 'audio', layout: 'mixed', container: 'mp4' } as const;
const consent = { basis: 'application', noticeId: 'notice-1' } as const;

/** A meeting scene whose starts may ask for side outputs. */
export interface SidesScene extends MeetingScene {
  /** Starts a recording; resolves once it captures. */
  record(
    providerOptions?: JsonObject,
  ): Promise<{ readonly id: string } & Awaited<ReturnType<MeetingScene['recorder']['start']>>>;
  /** A pool that is ACTIVE, made without the adapter. */
  pool(name?: string, retentionHours?: number): Promise<void>;
  saved(): Promise<SessionRecord>;
  anomalies(): Promise<readonly Anomaly[]>;
  sides(): Promise<readonly Artifact[]>;
  /** Operation and status of each request, of those that `match`. */
  requests(match?: RegExp): readonly string[];
}

export async function openSidesScene(options: MeetingSceneOptions = {}): Promise<SidesScene> {
  const scene = await openMeetingScene({
    ...options,
    // What is heard is measured elsewhere.
    chime: { ...options.chime, pipelines: { media: 'repeated', ...options.chime?.pipelines } },
    driver: { sides: { live }, ...options.driver },
  });
  const saved = async () => (await scene.store.load((await scene.store.list())[0]!))!;
  return Object.assign(scene, {
    record: (providerOptions: JsonObject = {}) =>
      scene.settle(scene.recorder.start({ call: scene.call, output, consent, providerOptions })),
    pool: async (PoolName = 'calls', DataRetentionInHours = 24) => {
      const client = new ChimeSDKMediaPipelinesClient(scene.chime.clientConfig());
      const StreamConfiguration = { Region: 'us-east-1', DataRetentionInHours };
      await client.send(new CreateMediaPipelineKinesisVideoStreamPoolCommand({ PoolName, StreamConfiguration }));
      client.destroy();
      await scene.pass(10_000);
    },
    saved,
    anomalies: async () => (await saved()).snapshot.anomalies,
    sides: async () => (await saved()).snapshot.artifacts.filter(({ side }) => side),
    requests: (match = /./) =>
      scene.chime
        .requests()
        .map(({ operation, status }) => `${operation} ${status}`)
        .filter((line) => match.test(line)),
  });
}
