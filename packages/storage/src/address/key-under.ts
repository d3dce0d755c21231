/** The key of an object whose URI begins with `root`; undefined for that of another place. */
export function keyUnder(root: string, uri: string): string | undefined {
  return uri.startsWith(root) && uri.length > root.length ? uri.slice(root.length) : undefined;
}
