import type { ErrorName } from '../operation.ts';
import { list, required, type Shape, structure, text } from '../shape.ts';

/** Shapes that the three API models share, each as its model states it. */
export const GUID_PATTERN = '^[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$';

export const arn: Shape = text({ min: 1, max: 1024, pattern: '^arn[\\/\\:\\-\\_\\.a-zA-Z0-9]+$' });

export const clientRequestToken: Shape = text({ min: 2, max: 64, pattern: '^[-_a-zA-Z0-9]*$' });

export const externalId: Shape = text({ min: 2, max: 64 });

/** Tags of resources of the media pipelines API. */
export const mediaTags: Shape = list(
  structure({ Key: required(text({ min: 1, max: 128 })), Value: required(text({ min: 0, max: 256 })) }),
  { min: 1, max: 200 },
);

/** Errors of every operation of the media pipelines API. */
export const mediaErrors: readonly ErrorName[] = [
  'BadRequest',
  'Forbidden',
  'ServiceFailure',
  'ServiceUnavailable',
  'ThrottledClient',
  'UnauthorizedClient',
];
