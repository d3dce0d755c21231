const name = '[A-Za-z_][\\w:.-]*';
const attributes = `(?:\\s+${name}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*`;
/** Comment, CDATA, processing instruction, closing tag (1), opening tag (2) with attributes (3) and its slash (4), text. */
const token = new RegExp(
  `<!--[\\s\\S]*?-->|<!\\[CDATA\\[[\\s\\S]*?\\]\\]>|<\\?[\\s\\S]*?\\?>|</(${name})\\s*>|<(${name})(${attributes})\\s*(/?)>|[^<]+|<`,
  'g',
);
/** An ampersand that begins no entity of XML; SSML declares no others. */
const looseAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/;

/** Why a text is no SSML: XML that is well formed, with `speak` around everything. Undefined when it is. */
export function ssmlProblem(text: string): string | undefined {
  const open: string[] = [];
  let roots = 0;
  for (const [piece, closes, opens, attached, empty] of text.replace(/^\uFEFF/, '').matchAll(token)) {
    if (piece === '<') return 'has a "<" that begins no tag: write &lt;.';
    if (/^<[!?]/.test(piece)) continue;
    if (looseAmpersand.test(opens === undefined ? piece : (attached ?? ''))) {
      return 'has a "&" that begins no entity: write &amp;.';
    }
    if (closes !== undefined) {
      if (open.pop() !== closes) return `closes <${closes}>, which is not the element that is open.`;
    } else if (opens !== undefined) {
      if (open.length === 0) roots += 1;
      if (roots > 1 || (open.length === 0 && opens !== 'speak')) return 'must have one <speak> around everything.';
      if (empty === '') open.push(opens);
    } else if (open.length === 0 && piece.trim() !== '') {
      return 'must have one <speak> around everything.';
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) return `does not close <${unclosed}>.`;
  return roots === 1 ? undefined : 'must have one <speak> around everything.';
}
