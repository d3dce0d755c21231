import type { Classification } from '@onrecord/core';

const caller = { blame: 'caller', retry: 'never' } as const;
const provider = { blame: 'provider', retry: 'safe' } as const;

const checkUrl =
  'Check that url names the ARI of an Asterisk, with its prefix (…/ari), and that ari.conf has enabled = yes.';

interface Rule {
  readonly status: number;
  readonly text?: RegExp;
  readonly judged: Classification;
}

/** What ARI means by a status and a text, first match first; texts as Asterisk 16.28 and 22.10 send them. */
const rules: readonly Rule[] = [
  {
    status: 400,
    judged: { code: 'invalid-request', ...caller },
  },
  {
    status: 401,
    judged: { code: 'unauthenticated', ...caller, remedy: 'Check username and password against ari.conf.' },
  },
  {
    status: 403,
    judged: { code: 'permission-denied', ...caller, remedy: 'Give the user read_only = no in ari.conf.' },
  },
  {
    status: 404,
    text: /^Resource not found/,
    judged: { code: 'provider-contract', ...caller, remedy: checkUrl },
  },
  {
    status: 404,
    text: /^Application not found/,
    judged: { code: 'unavailable', ...provider, remedy: 'Let a worker listen: its connection makes the application.' },
  },
  { status: 404, judged: { code: 'not-found', ...caller } },
  { status: 405, judged: { code: 'provider-contract', ...caller, remedy: checkUrl } },
  { status: 408, judged: { code: 'timeout', ...provider } },
  {
    status: 409,
    text: /^Bridge not in Stasis/,
    judged: {
      code: 'unsupported',
      ...caller,
      remedy:
        'The dialplan made this bridge: record one of its legs with asteriskChannel(…), which mixes both directions.',
    },
  },
  {
    status: 409,
    text: /not in Stasis/,
    judged: {
      code: 'invalid-state',
      ...caller,
      remedy: 'Only channels in a Stasis application can be told that; listening in works on any channel.',
    },
  },
  { status: 409, text: /already exists/, judged: { code: 'already-exists', ...caller } },
  { status: 409, text: /not in session/, judged: { code: 'conflict', ...provider } },
  { status: 409, judged: { code: 'conflict', ...caller } },
  {
    status: 422,
    text: /format is unknown/,
    judged: { code: 'unsupported', ...caller, remedy: 'Load the modules of that format and codec, or ask for wav.' },
  },
  { status: 422, text: /source does not exist/, judged: { code: 'not-found', ...caller } },
  { status: 422, judged: { code: 'invalid-request', ...caller } },
  { status: 429, judged: { code: 'rate-limited', ...provider } },
  {
    status: 500,
    text: /parsing request/,
    judged: { code: 'invalid-request', blame: 'library', retry: 'never', remedy: 'ARI refused a name or a number.' },
  },
];

/** What an answer of ARI means; undefined where the status alone decides. */
export function byAnswer(status: number, text: string): Classification | undefined {
  return rules.find((rule) => rule.status === status && (rule.text === undefined || rule.text.test(text)))?.judged;
}

/** What a status means that came without a word of ARI: from a proxy, or from something else altogether. */
export function byStatusAlone(status: number): Classification {
  if (status === 401) {
    return {
      code: 'unauthenticated',
      ...caller,
      remedy: 'Check username, password and whatever stands before Asterisk.',
    };
  }
  if (status === 403) return { code: 'permission-denied', ...caller };
  if (status === 429) return { code: 'rate-limited', ...provider };
  if (status >= 500) return { code: 'unavailable', ...provider };
  return { code: 'provider-contract', ...caller, remedy: checkUrl };
}
