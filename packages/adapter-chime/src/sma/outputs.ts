import type { Output } from '@onrecord/core';

/** As what a leg can be recorded: both directions apart, or one of them. */
export const smaOutputs = [
  { media: 'audio', layout: 'separate', container: 'wav' },
  { media: 'audio', layout: 'incoming', container: 'wav' },
  { media: 'audio', layout: 'outgoing', container: 'wav' },
] as const;

type Checked<O extends readonly Output[]> = O;

export type SmaOutputs = Checked<typeof smaOutputs>;
