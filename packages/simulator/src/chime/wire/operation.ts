import type { StructureShape } from './shape.ts';

export type ServiceName = 'voice' | 'media-pipelines' | 'meetings';

/** Names of modelled errors, without `Exception`. */
export type ErrorName =
  | 'BadRequest'
  | 'ResourceLimitExceeded'
  | 'LimitExceeded'
  | 'UnauthorizedClient'
  | 'Unauthorized'
  | 'Forbidden'
  | 'AccessDenied'
  | 'NotFound'
  | 'Conflict'
  | 'UnprocessableEntity'
  | 'ThrottledClient'
  | 'Throttling'
  | 'ServiceFailure'
  | 'ServiceUnavailable';

/** One operation of an API as its model states it; the whole of what the simulator checks before doing the work. */
export interface Operation {
  readonly service: ServiceName;
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With labels in braces, and the query that tells it from others: `/meetings/{MeetingId}`, `/tags?operation=…`. */
  readonly path: string;
  /** Status of a good answer. */
  readonly status: number;
  readonly input: StructureShape;
  readonly errors: readonly ErrorName[];
}
