import { XMLParser } from 'fast-xml-parser';
import { S3Error } from './error.ts';

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false, isArray: () => true });

/** One element of a parsed request: text, or children by name, each a list. */
export type XmlNode = string | { readonly [name: string]: readonly XmlNode[] | undefined };

/**
 * Parses a request body whose root must be `root`.
 * @throws {@link S3Error} `MalformedXML`
 */
export function parseXml(body: Uint8Array, root: string): XmlNode {
  let parsed: Readonly<Record<string, readonly XmlNode[] | undefined>>;
  try {
    parsed = parser.parse(Buffer.from(body).toString('utf8'), true);
  } catch {
    throw new S3Error('MalformedXML');
  }
  const found = parsed[root]?.[0];
  if (found === undefined) throw new S3Error('MalformedXML');
  return found;
}

export function children(node: XmlNode, name: string): readonly XmlNode[] {
  return typeof node === 'string' ? [] : (node[name] ?? []);
}

/** Text of the first child called `name`; undefined when there is none. */
export function childText(node: XmlNode, name: string): string | undefined {
  const child = children(node, name)[0];
  return typeof child === 'string' ? child : undefined;
}
