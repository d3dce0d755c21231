/** `https://<account>.blob.<suffix>`; the suffix is another in national clouds. */
const blobHost = /^([a-z0-9]{3,24})\.blob\.[a-z0-9.-]+$/;
/** What may stand between two slashes of a blob's name, once decoded: no slash, no backslash, no control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const segmentForm = /^[^/\\\u0000-\u001f\u007f]*$/;

/**
 * The address by which a store of ours knows a blob, `azblob://<account>/<container>/<path>`, if its URL lies below the
 * container (or the location inside one) that recordings were asked to be written into. Undefined for every other URL:
 * another account, container, port or protocol, a user name, and names that would lead elsewhere once decoded.
 *
 * A query is left out: the blob is opened with our own credentials, whatever an event adds to its address.
 */
export function ownBlobUri(url: string, container: URL): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, username, password, pathname } = new URL(url);
  if (protocol !== container.protocol || host !== container.host || username !== '' || password !== '')
    return undefined;
  const names = decoded(pathname);
  const above = decoded(container.pathname.replace(/\/+$/, ''));
  if (!names || !above || above.length === 0 || names.length <= above.length) return undefined;
  if (above.some((name, index) => name !== names[index]) || names.at(-1) === '') return undefined;
  const account = blobHost.exec(container.hostname)?.[1];
  // An emulator has the account in the path.
  return `azblob://${[...(account === undefined ? [] : [account]), ...names].join('/')}`;
}

/** How the addresses of all blobs below a place begin, as {@link ownBlobUri} gives them: with a slash at its end. */
export function ownPlaceUri(place: URL): string | undefined {
  return ownBlobUri(`${place.href}/x`, place)?.slice(0, -1);
}

/** The decoded names of a path; undefined when one of them is no name. `..` is resolved before it comes here. */
function decoded(pathname: string): readonly string[] | undefined {
  if (pathname === '') return [];
  try {
    const names = pathname.slice(1).split('/').map(decodeURIComponent);
    return names.every((name) => segmentForm.test(name) && name !== '.' && name !== '..') ? names : undefined;
  } catch {
    return undefined;
  }
}
