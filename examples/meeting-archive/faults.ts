import type { SimulatedChime } from '@onrecord/simulator';

/** What a service may do with the chunks of a meeting. */
export const faults = [
  { name: 'whole', story: 'The service joins the chunks.', goWrong: (_: SimulatedChime): void => {} },
  {
    name: 'missing',
    story: 'The service says that it joined the chunks, and there is no file.',
    goWrong: (chime: SimulatedChime): void => chime.concatenationFaults.next({ fault: 'missing', times: 4 }),
  },
  {
    name: 'short',
    story: 'The service joins all but the last ten seconds, and does no better the second time.',
    goWrong: (chime: SimulatedChime): void =>
      chime.concatenationFaults.next({ fault: { shortByMs: 10_000 }, times: 4 }),
  },
] as const;
