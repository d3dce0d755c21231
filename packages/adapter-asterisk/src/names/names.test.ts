import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstTakeOf, labelOf, participantOf, takeOf } from './label.ts';
import { parseRecordingName, recordingName } from './recording-name.ts';
import { labelIn, snoopArguments, snoopIdOf } from './snoop-id.ts';

const correlation = '6a2f8f6e-6a2f-4a2f-8a2f-6a2f8f6e6a2f.p1';
/** Ids as long as Asterisk has them, in any characters. */
const ids = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((id) => id.isWellFormed());

describe('a label', () => {
  test('is safe in a name, different for different participants, and leads back', () => {
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const label = labelOf(one);
        expect(label).toMatch(/^[A-Za-z0-9_~-]{1,200}$/);
        expect(['mixed', 'in', 'out']).not.toContain(label);
        expect(labelOf(other) === label).toBe(one === other);
        if (!label.startsWith('~~')) expect(participantOf(label)).toBe(one);
      }),
    );
  });

  test.each([
    ['1732200000.17', '1732200000~2e17'],
    ['../../etc/passwd', '~2e~2e~2f~2e~2e~2fetc~2fpasswd'],
    ['in', '~69n'],
    ['Zoë', 'Zo~c3~ab'],
  ])('of %s is %s', (participant, label) => {
    expect(labelOf(participant)).toBe(label);
    expect(participantOf(label)).toBe(participant);
  });

  test('of a further take leads to the same participant', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 9_999 }), (participant, take) => {
        const label = labelOf(participant);
        expect(firstTakeOf(takeOf(label, take))).toBe(label);
        expect(participantOf(takeOf(label, take))).toBe(participantOf(label));
        expect(takeOf(label, take)).toMatch(/^[A-Za-z0-9_~-]+$/);
      }),
    );
    expect(firstTakeOf(labelOf('ö'.repeat(149)))).toBe(labelOf('ö'.repeat(149)));
  });

  test('that would be too long is a digest, still its own', () => {
    const [one, other] = ['ö'.repeat(149), `${'ö'.repeat(148)}ä`];
    expect(labelOf(one)).toMatch(/^~~[0-9a-f]{64}$/);
    expect(labelOf(one)).not.toBe(labelOf(other));
    expect(participantOf(labelOf(one))).toBeUndefined();
  });

  test.each(['', 'mixed', 'in', 'out', 'a/b', '~', '~zz', '~c3', 'a.b'])(
    'that is none of a participant: %j',
    (label) => {
      expect(participantOf(label)).toBeUndefined();
    },
  );
});

describe('a name', () => {
  test('holds folder, part and label, and is read back', () => {
    fc.assert(
      fc.property(fc.constantFrom('onrecord', 'calls/main'), ids.map(labelOf), (folder, label) => {
        const name = { folder, correlation, label };
        expect(parseRecordingName(recordingName(name))).toEqual(name);
      }),
    );
  });

  test.each([
    'mixed',
    'onrecord/mixed',
    `${correlation}/mixed`,
    `onrecord/${correlation}/`,
    `onrecord/${correlation}/../x`,
    'onrecord/6a2f8f6e.p1/mixed',
    `onrecord/${correlation}`,
  ])('of somebody else is left alone: %s', (name) => {
    expect(parseRecordingName(name)).toBeUndefined();
  });
});

describe('a listener', () => {
  test('has the same id in every process, of the form of a UUID', () => {
    expect(snoopIdOf(correlation, 'in')).toBe(snoopIdOf(correlation, 'in'));
    expect(snoopIdOf(correlation, 'in')).not.toBe(snoopIdOf(correlation, 'out'));
    expect(snoopIdOf(correlation, 'in')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('is told by what it carries from those of others', () => {
    const appData = `my-app,${snoopArguments(correlation, 'out')}`;
    expect(labelIn(appData, correlation)).toBe('out');
    expect(labelIn(appData, correlation.replace('p1', 'p2'))).toBeUndefined();
    expect(labelIn('my-app,snoop,in', correlation)).toBeUndefined();
    expect(labelIn(undefined, correlation)).toBeUndefined();
  });
});
