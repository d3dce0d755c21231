/** Hosts of Blob storage: the public cloud, its zones, and the clouds of the identifiers. */
const BLOB_HOST = /^[a-z0-9]{3,24}\.(z\d{1,2}\.)?blob\.(core|storage)\.(windows|azure|usgovcloudapi)\.net$/;

/** Names of containers. Source: Storage "naming and referencing containers". */
const CONTAINER_NAME = /^(\$root|[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9])$/;

/**
 * What is wrong with the URL of "a container or a location within a container" (swagger, `RecordingStorage`). The service
 * opens it by the managed identity of the resource, so it carries no credential. An account without a container passes:
 * the export fails.
 */
export function containerUrlProblem(url: unknown): string | undefined {
  const field = 'externalStorage.recordingDestinationContainerUrl';
  if (typeof url !== 'string' || !URL.canParse(url)) return `${field} must be the URL of a container.`;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(url);
  if (protocol !== 'https:') return `${field} must be an https URL.`;
  if (!BLOB_HOST.test(hostname)) return `${field} must be of a Blob storage account.`;
  if (username !== '' || password !== '' || search !== '' || hash !== '') {
    return `${field} must be the plain URL of a container, without credential or query.`;
  }
  const parts = pathname.split('/').filter((part) => part !== '');
  if (!parts.every(isDecodable)) return `${field} is not percent-encoded as a URL has to be.`;
  const [container = ''] = parts;
  return container === '' || CONTAINER_NAME.test(container) ? undefined : `${field} does not name a container.`;
}

function isDecodable(part: string): boolean {
  try {
    return decodeURIComponent(part) !== '';
  } catch {
    return false;
  }
}
