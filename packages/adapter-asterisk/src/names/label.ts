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

/** The participant behind a label; undefined for `mixed`, `in` and `out`, for digests and for what is no label. */
export function participantOf(label: string): string | undefined {
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
