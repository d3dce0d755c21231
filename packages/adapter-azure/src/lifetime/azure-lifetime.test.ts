import { describe, expect, test } from 'vitest';
import { azure } from '../driver.ts';
import { azureLifetime, type LifetimeNotice } from './azure-lifetime.ts';

const connectionString = 'endpoint=https://contoso.communication.azure.com/;accesskey=a2V5';
const at = (time: string) => Date.parse(time);

function notice(time: string, id: LifetimeNotice['id']): LifetimeNotice {
  const profile = id === 'lifetime.teams-phone-only' ? 'teams-phone' : 'acs-standalone';
  const found = azureLifetime(at(time), profile).find((each) => each.id === id);
  if (!found) throw new Error(`no notice ${id}`);
  return found;
}

describe('azureLifetime', () => {
  test.each<[string, LifetimeNotice['id'], LifetimeNotice['phase'], RegExp]>([
    ['2025-10-22T23:59:59.999Z', 'lifetime.sign-up', 'ahead', /366 days are left/],
    ['2025-10-23T00:00:00Z', 'lifetime.sign-up', 'last-year', /^From 23 October 2026 .* 365 days are left/],
    ['2026-10-22T23:59:59.999Z', 'lifetime.sign-up', 'last-months', /^From 23 October 2026 .* 1 day is left/],
    ['2026-10-23T00:00:00Z', 'lifetime.sign-up', 'over', /^Since 23 October 2026 .* resources created before that day/],
    ['2027-09-29T23:59:59.999Z', 'lifetime.standalone-end', 'ahead', /^Microsoft retires .* 30 September 2028: rooms/],
    ['2027-09-30T00:00:00Z', 'lifetime.standalone-end', 'last-year', /^In less than a year.* 366 days are left/],
    ['2028-06-29T23:59:59.999Z', 'lifetime.standalone-end', 'last-year', /93 days are left/],
    [
      '2028-06-30T00:00:00Z',
      'lifetime.standalone-end',
      'last-months',
      /may then answer with errors.* 92 days are left/,
    ],
    ['2028-09-29T12:00:00Z', 'lifetime.standalone-end', 'last-months', /1 day is left/],
    ['2028-09-30T00:00:00Z', 'lifetime.standalone-end', 'over', /has not been supported since 30 September 2028/],
    ['2027-01-01T00:00:00Z', 'lifetime.teams-phone-only', 'ahead', /^After 30 September 2028 recording goes on/],
    ['2028-01-01T00:00:00Z', 'lifetime.teams-phone-only', 'last-year', /newest major version.* 273 days are left/],
    ['2028-09-01T00:00:00Z', 'lifetime.teams-phone-only', 'last-months', /29 days are left/],
    ['2030-01-01T00:00:00Z', 'lifetime.teams-phone-only', 'over', /^Since 30 September 2028 recording is supported/],
  ])('%s: %s is %s', (time, id, phase, message) => {
    const { phase: found, message: text, source } = notice(time, id);
    expect(found).toBe(phase);
    expect(text).toMatch(message);
    expect(text).toContain(source);
    expect(source).toMatch(/\/acs-retirement-and-breaking-changes-guide$/);
  });

  test('what ends is named under both profiles: rooms, group calls and numbers of Communication Services', () => {
    for (const id of ['lifetime.standalone-end', 'lifetime.teams-phone-only'] as const) {
      for (const time of [
        '2026-01-01T00:00:00Z',
        '2027-12-01T00:00:00Z',
        '2028-09-01T00:00:00Z',
        '2029-01-01T00:00:00Z',
      ])
        expect(notice(time, id).message).toMatch(/rooms, group calls .* Communication Services numbers/);
    }
  });

  test('teams-phone is told nothing of the end of sign-up, and acs-standalone is told what to move to', () => {
    const now = at('2026-06-01T00:00:00Z');
    expect(azureLifetime(now, 'teams-phone').map(({ id }) => id)).toEqual(['lifetime.teams-phone-only']);
    expect(azureLifetime(now, 'acs-standalone').map(({ id }) => id)).toEqual([
      'lifetime.sign-up',
      'lifetime.standalone-end',
    ]);
    expect(notice('2028-01-01T00:00:00Z', 'lifetime.standalone-end').fix).toContain("profile 'teams-phone'");
  });
});

describe('the warnings of a driver', () => {
  const idsOf = (driver: ReturnType<typeof azure>, nowMs?: number) =>
    driver.warnings({ nowMs }).flatMap((said) => (typeof said === 'string' ? [] : [said.id]));

  test('follow the clock that it is given, and hold no date without one', () => {
    const driver = azure({ connectionString });
    expect(idsOf(driver)).toEqual([]);
    expect(idsOf(driver, at('2026-10-22T00:00:00Z'))).toEqual(['lifetime.sign-up', 'lifetime.standalone-end']);
    const texts = [at('2026-10-22T00:00:00Z'), at('2028-10-01T00:00:00Z')].map((nowMs) =>
      JSON.stringify(driver.warnings({ nowMs })),
    );
    expect(texts[0]).toContain('From 23 October 2026');
    expect(texts[1]).toContain('Since 23 October 2026');
    expect(texts[1]).toContain('not been supported since 30 September 2028');
  });

  test('under teams-phone tell of the announcement that phone users hear, and of what is unknown about files', () => {
    const driver = azure({ connectionString, profile: 'teams-phone' });
    const said = driver.warnings({ nowMs: at('2027-01-01T00:00:00Z') });
    expect(said).toEqual([
      expect.stringContaining('without eventGrid'),
      { id: 'teams-phone.announcement', message: expect.stringMatching(/start.*pause.*faq/s), fix: expect.any(String) },
      {
        id: 'teams-phone.file-event',
        message: expect.stringMatching(/RecordingFileStatusUpdated/),
        fix: expect.any(String),
      },
      expect.objectContaining({ id: 'lifetime.teams-phone-only' }),
    ]);
  });
});
