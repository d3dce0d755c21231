import { recordingSuite, registerMutants, registerSuite, reportTo } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';
import { meetingSubject } from './testing/meeting-subject.ts';

const folder = process.env['ONRECORD_CONFORMANCE'];
const report = folder === undefined ? undefined : reportTo(folder);
registerSuite({ describe, test, afterAll }, recordingSuite, meetingSubject, { report });
registerMutants({ describe, test }, meetingSubject);
