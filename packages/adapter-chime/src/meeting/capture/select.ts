import { unknownMembers } from '@onrecord/core';
import type { Problem } from '../../options/problem.ts';

/** Whose cameras are captured. */
export interface SelectedVideo {
  /** 1 to 25. */
  readonly attendeeIds?: readonly string[] | undefined;
  /** 1 to 25. */
  readonly externalUserIds?: readonly string[] | undefined;
}

/** Streams that can be selected; the model of the API states no limit, its documentation composes so many. */
const most = 25;
const guid = /^[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/;

/** Everything wrong with a selection, at `path`. */
export function selectProblems(value: unknown, path: string): readonly Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ path, message: 'Must be an object.' }];
  }
  const { attendeeIds, externalUserIds } = value as { readonly [name: string]: unknown };
  const nobody = attendeeIds === undefined && externalUserIds === undefined;
  return [
    ...unknownMembers(value, ['attendeeIds', 'externalUserIds'], path),
    ...(nobody ? [{ path, message: 'Names nobody: give attendeeIds, externalUserIds or both.' }] : []),
    ...idProblems(attendeeIds, `${path}.attendeeIds`, isAttendeeId, 'the id of an attendee, a GUID'),
    ...idProblems(externalUserIds, `${path}.externalUserIds`, isExternalId, 'text of 2 to 64 characters'),
  ];
}

const isAttendeeId = (id: string): boolean => guid.test(id);
const isExternalId = (id: string): boolean => id.length >= 2 && id.length <= 64;

function idProblems(ids: unknown, path: string, isId: (id: string) => boolean, what: string): readonly Problem[] {
  if (ids === undefined) return [];
  if (!Array.isArray(ids) || ids.length < 1 || ids.length > most) {
    return [{ path, message: `Must be a list of 1 to ${most}.` }];
  }
  const list: readonly unknown[] = ids;
  const wrong = list.flatMap((id, index) =>
    typeof id === 'string' && isId(id) ? [] : [{ path: `${path}.${index}`, message: `Must be ${what}.` }],
  );
  const twice = new Set(list).size < list.length ? [{ path, message: 'Names somebody twice.' }] : [];
  return [...wrong, ...twice];
}
