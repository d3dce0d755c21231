import { recordingSuite, registerMutants, registerSuite } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { meetingSubject } from './testing/meeting-subject.ts';

registerSuite({ describe, test, afterAll }, recordingSuite, meetingSubject());
registerMutants({ describe, test }, meetingSubject());
