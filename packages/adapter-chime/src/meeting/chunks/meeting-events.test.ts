import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMeetingEvents } from './meeting-events.ts';

const line = (EventType: string, parameters?: object) =>
  JSON.stringify({
    Timestamp: '2022-09-05T16:40:02.991+00:00',
    EventType,
    ...(parameters ? { EventParameters: parameters } : {}),
  });
const atMs = Date.UTC(2022, 8, 5, 16, 40, 2, 991);

describe('a file of meeting events', () => {
  test('begins with CaptureStarted, which has no parameters, and ends with CaptureEnded', () => {
    const text = `${line('CaptureStarted')}\n${line('CaptureEnded')}\n`;
    expect(parseMeetingEvents(text)).toEqual({
      events: [
        { type: 'capture-started', atMs },
        { type: 'capture-ended', atMs },
      ],
      unknown: [],
      unreadable: 0,
    });
  });

  test.each([
    ['AttendeeMute', 'muted'],
    ['AudioTrackMute', 'muted'],
    ['AttendeeUnmute', 'unmuted'],
    ['AudioTrackUnmute', 'unmuted'],
    ['AttendeeJoined', 'attendee-joined'],
    ['AttendeeLeft', 'attendee-left'],
    ['AttendeeVideoJoined', 'video-joined'],
    ['AttendeeVideoLeft', 'video-left'],
    ['ActiveSpeaker', 'active-speaker'],
  ])('tells %s as %s', (name, type) => {
    const { events } = parseMeetingEvents(line(name, { AttendeeId: 'ann', MediaModality: '' }));
    expect(events).toEqual([{ type, atMs, attendeeId: 'ann' }]);
  });

  test('may name nobody as the ActiveSpeaker', () => {
    expect(parseMeetingEvents(line('ActiveSpeaker', { AttendeeId: '' })).events).toEqual([
      { type: 'active-speaker', atMs },
    ]);
  });

  test('tells a content share apart from the attendee whose it is', () => {
    const { events } = parseMeetingEvents(line('AttendeeVideoJoined', { AttendeeId: 'ann#content' }));
    expect(events).toEqual([{ type: 'video-joined', atMs, attendeeId: 'ann', content: true }]);
  });

  test('keeps what follows a damaged or an unknown line', () => {
    const text = [
      '{"Timestamp":',
      'null',
      '{}',
      line('AttendeeWaved', { AttendeeId: 'ann' }),
      line('CaptureEnded'),
    ].join('\n');
    expect(parseMeetingEvents(text)).toEqual({
      events: [{ type: 'capture-ended', atMs }],
      unknown: ['AttendeeWaved'],
      unreadable: 3,
    });
  });

  test('never throws, whatever it holds', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseMeetingEvents(text)));
  });
});
