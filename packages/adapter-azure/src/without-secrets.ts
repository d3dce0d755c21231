const longest = 500;
/** Characters of a text that are looked at: of what is longer nothing could be kept, and looking costs time. */
const longestRead = 4_096;

/**
 * A text of the service fit for an error message: URLs lose query, user and fragment, because a SAS, a signature of
 * ours or a token may stand there; tokens (the incomingCallContext is one) and keys go; the rest is cut to 500
 * characters.
 */
export function withoutSecrets(text: string): string {
  const clean = text
    .slice(0, longestRead)
    .replace(
      /(https?:\/\/)([^\s/?#"'<>]*@)?([^\s?#"'<>]*)([?#][^\s"'<>]*)?/gi,
      (_all, scheme, _user, rest, query) => `${scheme}${rest}${query ? '?[secret]' : ''}`,
    )
    .replace(
      /\b(bearer|signature=|accesskey=|accountkey=|sharedaccess\w+=|sig=|secret=)\s*[\w+/=.~%-]+/gi,
      '$1[secret]',
    )
    // Two of its three parts are enough: the text may have been cut within it. One part alone is a recordingId.
    .replace(/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, '[secret]')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}
