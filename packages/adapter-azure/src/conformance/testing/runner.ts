import type { RegisterTest, TestRunner } from '@onrecord/contract-kit';
import { afterAll, describe, test } from 'vitest';

/** All waiting is in virtual time and limited there: on a busy machine a case that computes for seconds is no failure. */
const CASE_MS = 90_000;

const register: RegisterTest = (name, body) => test(name, { timeout: CASE_MS }, body);

export const runner: TestRunner = { describe, test: register, afterAll };
