import { type Announcement, OnRecordError } from '@onrecord/core';

/** Schemes of media that Asterisk plays to an end. It takes any other without a word, and plays nothing. */
const schemes = /^(sound|recording|number|digits|characters|https?):./i;

/** The URI under which Asterisk plays a file: a bare name is a sound. Undefined for what it does not play to an end. */
export function mediaUriOf(file: string): string | undefined {
  if (file.trim() === '') return undefined;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(file)) return `sound:${file}`;
  return schemes.test(file) ? file : undefined;
}

/**
 * What is to be played.
 * @throws OnRecordError `unsupported` for a text without a sound, for SSML, and for media that never ends.
 */
export function mediaOf(announcement: Announcement, sounds: ReadonlyMap<string, string>): string {
  if ('file' in announcement) return playable(announcement.file);
  const media = 'text' in announcement ? sounds.get(announcement.text.trim()) : undefined;
  if (media !== undefined) return media;
  if ('text' in announcement && sounds.size > 0) {
    throw new OnRecordError(
      'unsupported',
      'Asterisk speaks no text, and the option sounds has no media for this one.',
      {
        remedy: 'Add the text to sounds, word for word, or announce one of those that are there.',
        context: { option: 'sounds', texts: [...sounds.keys()] },
      },
    );
  }
  throw new OnRecordError('unsupported', 'Asterisk speaks no text; it plays files.', {
    remedy: "Announce { file: 'sound:…' }, or give the option sounds: { 'the text': 'sound:…' }.",
    context: { option: 'sounds' },
  });
}

function playable(file: string): string {
  const media = mediaUriOf(file);
  if (media !== undefined) return media;
  throw new OnRecordError('unsupported', `Asterisk plays no ${file.split(':', 1)[0]}: media to an end.`, {
    remedy:
      'Give the name of a sound file, or a URI that begins with sound:, recording:, number:, digits:, characters: or https:.',
  });
}
