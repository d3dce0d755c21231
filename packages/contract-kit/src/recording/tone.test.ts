import { describe, test } from 'vitest';
import { registerMutants } from '../mutants/index.ts';
import { registerSuite } from '../register.ts';
import type { ToneProfile } from '../testing/tone-provider.ts';
import { toneSubject } from '../testing/tone-subject.ts';
import { recordingSuite } from './index.ts';

const profiles: { readonly [name: string]: ToneProfile } = {
  'tone-answer': { layout: 'mixed', pause: 'silence', confirms: 'answer', settleMs: 0 },
  'tone-push': { layout: 'separate', pause: 'both', confirms: 'push', settleMs: 700 },
  'tone-segments': { layout: 'mixed', pause: 'segments', confirms: 'push', settleMs: 400 },
  'tone-socket': { layout: 'separate', pause: 'both', confirms: 'push', settleMs: 300, transport: 'socket' },
  'tone-poll': { layout: 'separate', pause: false, confirms: 'poll', settleMs: 3_000 },
};

for (const [name, profile] of Object.entries(profiles)) {
  registerSuite({ describe, test }, recordingSuite, toneSubject(name, profile));
}
registerMutants({ describe, test }, toneSubject('tone-push', profiles['tone-push']!));
