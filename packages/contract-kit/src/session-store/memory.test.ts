import { memorySessionStore } from '@onrecord/core';
import { afterAll, describe, test } from 'vitest';
import { registerSuite } from '../register.ts';
import { sessionStoreSuite } from './index.ts';

registerSuite({ describe, test, afterAll }, sessionStoreSuite, {
  name: 'memory',
  facts: { durable: false, shared: false },
  async open() {
    const store = memorySessionStore();
    return { open: async () => store, close: () => store.close() };
  },
});
