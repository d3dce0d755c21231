import { expect, test } from 'vitest';
import { recordingSuite } from './recording/index.ts';
import { sessionStoreSuite } from './session-store/index.ts';
import { storageSuite } from './storage/index.ts';

test.each([recordingSuite, sessionStoreSuite, storageSuite])(
  'no id of the $name suite stands for two cases',
  ({ cases }) => {
    const ids = cases.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const id of ids) expect(id).toMatch(/^[A-Z]+-[A-Z]+-\d{3}$/);
  },
);
