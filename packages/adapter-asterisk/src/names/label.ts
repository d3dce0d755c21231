import { createHash } from 'node:crypto';

/** Labels of files that are not named after a participant. */
const reserved: readonly string[] = ['mixed', 'in', 'out'];
/** A file name has at most 255 bytes, the extension included; channel ids have at most 149. */
const longest = 200;

/**
 * A participant's id as part of a recording's name: letters, digits, `-` and `_` stay, every other byte becomes `~` and
 * two hex digits, so that nothing in it can leave the folder or be taken for an extension. What would be too long
 * becomes `~~` and a digest.
 */
export function labelOf(participant: string): string {
  const bytes = [...new TextEncoder().encode(participant)];
  const encoded = bytes
    .map((byte, index) => {
      const character = String.fromCharCode(byte);
      const plain = /[A-Za-z0-9_-]/.test(character) && !(index === 0 && reserved.includes(participant));
      return plain ? character : `~${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
  return encoded.length > longest ? `~~${createHash('sha256').update(participant).digest('hex')}` : encoded;
}

/** What follows a label when its participant comes back to the call: in a label itself no two tildes stand together. */
const takePattern = /(?<=.)~~(\d{1,4})$/;

/** The label of a participant's file: of the first one, and of each further one after they had left the call. */
export function takeOf(label: string, take: number): string {
  return take === 1 ? label : `${label}~~${take}`;
}

/** The label of the first file of the same participant. */
export function firstTakeOf(label: string): string {
  return label.replace(takePattern, '');
}

/** The participant behind a label, whichever take it is; undefined for `mixed`, `in` and `out`, for digests and for what is no label. */
export function participantOf(take: string): string | undefined {
  const label = firstTakeOf(take);
  if (label === '' || reserved.includes(label) || !/^([A-Za-z0-9_-]|~[0-9a-f]{2})+$/.test(label)) return undefined;
  const bytes = label.match(/~[0-9a-f]{2}|./g) ?? [];
  const decoded = Uint8Array.from(bytes, (part) =>
    part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0),
  );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decoded);
  } catch {
    return undefined;
  }
}
