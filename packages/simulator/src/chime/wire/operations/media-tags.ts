import type { Operation } from '../operation.ts';
import { list, query, required, structure, text } from '../shape.ts';
import { mediaErrors, mediaTags } from './common.ts';

const resourceArn = text({ min: 1, max: 1011, pattern: '^arn[\\/\\:\\-\\_\\.a-zA-Z0-9]+$' });

export const tagResource: Operation = {
  service: 'media-pipelines',
  name: 'TagResource',
  method: 'POST',
  path: '/tags?operation=tag-resource',
  status: 204,
  input: structure({ ResourceARN: required(resourceArn), Tags: required(mediaTags) }),
  errors: ['NotFound', ...mediaErrors],
};

export const untagResource: Operation = {
  service: 'media-pipelines',
  name: 'UntagResource',
  method: 'POST',
  path: '/tags?operation=untag-resource',
  status: 204,
  input: structure({
    ResourceARN: required(resourceArn),
    TagKeys: required(list(text({ min: 1, max: 128 }), { min: 1, max: 200 })),
  }),
  errors: ['NotFound', ...mediaErrors],
};

export const listTagsForResource: Operation = {
  service: 'media-pipelines',
  name: 'ListTagsForResource',
  method: 'GET',
  path: '/tags',
  status: 200,
  input: structure({ ResourceARN: { ...query('arn', resourceArn), required: true } }),
  errors: ['NotFound', ...mediaErrors],
};
