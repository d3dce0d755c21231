const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xmlDocument(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${content}`;
}

/** A result document; its root carries the S3 namespace. */
export function xmlResult(root: string, children: readonly string[]): string {
  return xmlDocument(`<${root} xmlns="${NAMESPACE}">${children.join('')}</${root}>`);
}

/** `<name>text</name>`, escaped; nothing when `text` is undefined. */
export function element(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? '' : `<${name}>${escapeText(String(text))}</${name}>`;
}

export function group(name: string, children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** Characters that XML cannot hold come back as character references, as S3 sends them. */
function escapeText(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[^ -\u{10ffff}]/gu, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`);
}
