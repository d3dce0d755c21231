import type { SessionStore } from '@onrecord/core';
import { objectSessionStore } from '@onrecord/session-store/object';
import { s3 } from '@onrecord/storage/s3';
import { variable } from './environment.ts';

/** Sessions, as objects of a bucket that the worker reads too. Region and credentials are those of the function. */
export const sessions: SessionStore = objectSessionStore(s3({ bucket: variable('SESSIONS_BUCKET') }));
