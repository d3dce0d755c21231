import type { Operation } from '../operation.ts';
import * as mediaPipelines from './media-pipelines.ts';
import * as mediaTags from './media-tags.ts';
import * as meetings from './meetings.ts';
import * as voice from './voice.ts';

/** Every operation that the simulator offers. */
export const OPERATIONS: readonly Operation[] = [
  ...Object.values(voice),
  ...Object.values(meetings),
  ...Object.values(mediaPipelines),
  ...Object.values(mediaTags),
];
