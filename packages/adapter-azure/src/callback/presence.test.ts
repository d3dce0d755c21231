import type { CallNotice } from '@onrecord/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callbackEvent, callbackWith } from '../testing/post-events.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { Presence } from './presence.ts';

const [ann, bob, eve] = ['4:+15550101', '8:acs:bob', '8:orgid:eve'];
const leg = 'leg-1';

interface List {
  readonly sequence?: number | undefined;
  readonly people: readonly string[];
  readonly call?: string;
  readonly id?: string;
}

function listed({ sequence, people, call = leg, id = `${call}-${sequence}` }: List) {
  const participants = people.map((rawId) => ({ identifier: { rawId }, isMuted: false, isOnHold: false }));
  const order = sequence === undefined ? {} : { sequenceNumber: sequence };
  return callbackEvent('ParticipantsUpdated', { callConnectionId: call, participants, ...order }, { id });
}

const hungUp = callbackEvent('CallDisconnected', { callConnectionId: leg });

async function hear(scene: Scene, ...events: readonly unknown[]): Promise<readonly CallNotice[]> {
  const notices: CallNotice[] = [];
  for (const event of events) {
    notices.push(...(await scene.driver.parse(callbackWith(scene, event), scene.context)).calls);
  }
  return notices;
}

/** Who came and went, each told once: a notice whose id was told before is no news. */
function news(notices: readonly CallNotice[]): readonly string[] {
  const once = new Map(notices.map((notice) => [notice.noticeId, notice] as const));
  return [...once.values()].flatMap((notice) =>
    'participant' in notice ? [`${notice.participant} ${notice.type.slice('call.participant-'.length)}`] : [],
  );
}

const openHere = () => openScene({ driver: { jwt: undefined } });

describe('ParticipantsUpdated', () => {
  test.each<[string, readonly List[], readonly string[]]>([
    [
      'tells of everybody once, however often they are listed',
      [
        { sequence: 1, people: [ann] },
        { sequence: 2, people: [ann, bob] },
        { sequence: 3, people: [ann, bob, bob] },
      ],
      [`${ann} joined`, `${bob} joined`],
    ],
    [
      'tells who left by not listing them',
      [
        { sequence: 1, people: [ann, bob] },
        { sequence: 2, people: [ann] },
        { sequence: 3, people: [] },
      ],
      [`${ann} joined`, `${bob} joined`, `${bob} left`, `${ann} left`],
    ],
    [
      'tells of whoever comes back as of somebody new, each time',
      [
        { sequence: 1, people: [ann] },
        { sequence: 2, people: [] },
        { sequence: 3, people: [ann] },
        { sequence: 4, people: [] },
        { sequence: 5, people: [ann] },
      ],
      [`${ann} joined`, `${ann} left`, `${ann} joined`, `${ann} left`, `${ann} joined`],
    ],
    [
      'says nothing once a later one has overtaken it',
      [
        { sequence: 3, people: [ann] },
        { sequence: 2, people: [ann, bob] },
        { sequence: 1, people: [] },
      ],
      [`${ann} joined`],
    ],
    [
      'tells of nobody leaving where it has no sequenceNumber, as in 2022',
      [
        { people: [ann, bob], id: '1' },
        { people: [ann], id: '2' },
      ],
      [`${ann} joined`, `${bob} joined`],
    ],
    [
      'keeps calls apart',
      [
        { sequence: 1, people: [ann] },
        { sequence: 2, people: [], call: 'leg-2' },
        { sequence: 3, people: [ann], call: 'leg-2' },
      ],
      [`${ann} joined`, `${ann} joined`],
    ],
  ])('%s', async (_name, lists, expected) => {
    await using scene = await openHere();
    expect(news(await hear(scene, ...lists.map(listed)))).toEqual(expected);
  });

  test('tells of people only: neither of bots nor of applications, and of nobody without an id', async () => {
    await using scene = await openHere();
    const notices = await hear(scene, listed({ sequence: 1, people: [ann, '28:recorder', '28:orgid:app', '', eve] }));
    expect(news(notices)).toEqual([`${ann} joined`, `${eve} joined`]);
  });

  test.each([undefined, null, {}, 'none'])(
    'says nothing where its list is %j: nobody leaves for that',
    async (participants) => {
      await using scene = await openHere();
      const data = { callConnectionId: leg, participants, sequenceNumber: 2 };
      const without = callbackEvent('ParticipantsUpdated', data, { id: 'without' });
      const lists = [listed({ sequence: 1, people: [ann, bob] }), without, listed({ sequence: 3, people: [ann] })];
      expect(news(await hear(scene, ...lists))).toEqual([`${ann} joined`, `${bob} joined`, `${bob} left`]);
      const parsed = await scene.driver.parse(callbackWith(scene, without), scene.context);
      expect(parsed).toMatchObject({ calls: [], unhandled: 1 });
    },
  );

  test('names people by what it has where their raw id is missing', async () => {
    await using scene = await openHere();
    const identifiers = [
      { kind: 'phoneNumber', phoneNumber: { value: '+15550101' } },
      { kind: 'communicationUser', communicationUser: { id: '8:acs:bob' } },
      { kind: 'microsoftTeamsUser', microsoftTeamsUser: { userId: 'eve', isAnonymous: false, cloud: 'public' } },
      { kind: 'microsoftTeamsUser', microsoftTeamsUser: { userId: 'max', cloud: 'gcch' } },
      { kind: 'microsoftTeamsUser', microsoftTeamsUser: { userId: 'guest', isAnonymous: true } },
      { kind: 'unknown' },
      7,
    ];
    const participants = identifiers.map((identifier) => ({ identifier }));
    const event = callbackEvent('ParticipantsUpdated', { callConnectionId: leg, participants, sequenceNumber: 1 });
    expect(news(await hear(scene, event))).toEqual(
      [ann, bob, eve, '8:gcch:max', '8:teamsvisitor:guest'].map((person) => `${person} joined`),
    );
  });

  test('delivered again says the same again, because the first time may have been in vain', async () => {
    await using scene = await openHere();
    const lists = [listed({ sequence: 1, people: [ann] }), listed({ sequence: 2, people: [] })];
    const [first, second] = [await hear(scene, lists[0]), await hear(scene, lists[1])];
    expect(news(second)).toEqual([`${ann} left`]);
    expect(await hear(scene, ...lists)).toEqual([...first, ...second]);
  });

  test('is made up for by the next list where its notices were lost', async () => {
    await using scene = await openHere();
    const [lost, next] = [
      await hear(scene, listed({ sequence: 1, people: [ann] })),
      await hear(scene, listed({ sequence: 2, people: [ann] })),
    ];
    expect(next.map(({ noticeId }) => noticeId)).toEqual(lost.map(({ noticeId }) => noticeId));
  });

  test('tells of a large call what is new, and not everybody with every list', async () => {
    await using scene = await openHere();
    const people = Array.from({ length: 350 }, (_, index) => `8:acs:${index}`);
    const lists = people.map((_, index) => listed({ sequence: index + 1, people: people.slice(0, index + 1) }));
    const notices = await hear(scene, lists);
    expect(new Set(notices.map(({ noticeId }) => noticeId)).size).toBe(350);
    expect(notices.length).toBeLessThan(2 * 350);
  });

  test('in another process has the same id for the first stay of everybody', async () => {
    await using scene = await openHere();
    const here = await hear(scene, listed({ sequence: 1, people: [ann] }));
    const there = await scene
      .another()
      .parse(callbackWith(scene, listed({ sequence: 4, people: [ann] })), scene.context);
    expect(there.calls.map(({ noticeId }) => noticeId)).toEqual(here.map(({ noticeId }) => noticeId));
  });

  test('of a thousand calls later has forgotten a call, and tells of nobody twice for that', async () => {
    await using scene = await openHere();
    const before = await hear(scene, listed({ sequence: 1, people: [ann, bob] }));
    const others = Array.from({ length: 1_000 }, (_, index) =>
      listed({ sequence: 1, people: [ann], call: `c${index}` }),
    );
    await hear(scene, others);
    const after = await hear(scene, listed({ sequence: 2, people: [ann] }));
    expect(news([...before, ...after])).toEqual([`${ann} joined`, `${bob} joined`]);
  });
});

describe('CallDisconnected', () => {
  test('ends the call of our leg, and tells of nobody leaving: the others may go on without us', async () => {
    await using scene = await openHere();
    const notices = await hear(scene, listed({ sequence: 1, people: [ann, bob] }), hungUp);
    expect(notices.map(({ type }) => type)).toEqual([
      'call.participant-joined',
      'call.participant-joined',
      'call.ended',
    ]);
  });

  test('closes the list: what comes late tells of who is news, and of nobody leaving or coming back', async () => {
    await using scene = await openHere();
    const late = [listed({ sequence: 3, people: [bob, eve] }), listed({ sequence: 4, people: [ann] })];
    await hear(scene, listed({ sequence: 1, people: [ann, bob] }), listed({ sequence: 2, people: [bob] }), hungUp);
    expect(news(await hear(scene, ...late))).toEqual([`${eve} joined`]);
  });
});

test('lists in any order, some lost and some twice: what was told adds up to the latest of them', () => {
  const people = fc.subarray([ann, bob, eve, '4:+15550104']);
  const histories = fc.array(people, { minLength: 1, maxLength: 12 }).chain((lists) => {
    const all = lists.map((present, index) => ({ sequence: index + 1, present }));
    return fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 30 });
  });
  fc.assert(
    fc.property(histories, (heard) => {
      const presence = new Presence();
      const told = new Set<string>();
      const here = new Set<string>();
      for (const { sequence, present } of heard) {
        for (const { type, id, person } of presence.update(leg, {
          eventId: `${sequence}`,
          sequence,
          people: present,
        })) {
          if (told.has(id)) continue;
          told.add(id);
          if (type === 'call.participant-joined') here.add(person);
          else here.delete(person);
        }
      }
      const latest = heard.reduce((one, other) => (other.sequence > one.sequence ? other : one));
      expect([...here].sort()).toEqual([...latest.present].sort());
    }),
    { seed: 20_261_121, numRuns: 500 },
  );
});

test('in the simulator: somebody joins late, leaves and comes back', async () => {
  await using scene = await openScene();
  scene.call.join({ name: 'supervisor', address: '+15550123' });
  await scene.clock.advance(1_000);
  scene.call.leave('supervisor');
  await scene.clock.advance(1_000);
  scene.call.join({ name: 'supervisor', address: '+15550123' });
  await scene.clock.advance(1_000);
  scene.call.end();
  await scene.clock.advance(1_000);
  const supervisor = news(scene.calls()).filter((line) => line.startsWith('4:+15550123'));
  expect(supervisor.map((line) => line.split(' ')[1])).toEqual(['joined', 'left', 'joined']);
  expect(scene.calls().at(-1)?.type).toBe('call.ended');
});
