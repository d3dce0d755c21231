/**
 * Test files that `npm run test:slow` runs: with them `npm test` would take more than its five minutes on two cores. Paths
 * are from the root.
 */
export const slow: readonly string[] = [
  'examples/one-workflow/bad-input.test.ts',
  'examples/one-workflow/measure/checks.test.ts',
  'examples/one-workflow/three-processes.test.ts',
  'packages/adapter-azure/src/conformance/entra.test.ts',
  'packages/adapter-azure/src/lost-file-event.test.ts',
  'tools/packed-packages.test.ts',
];
