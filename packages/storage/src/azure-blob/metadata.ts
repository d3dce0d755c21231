type Metadata = { readonly [name: string]: string };

/**
 * Blob metadata names are C# identifiers, so everything but letters and digits, and a leading digit, travels as `_`
 * and two hex digits: `session-id` as `session_2did`. Names that others wrote come back as they are.
 * Source: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
 */
export function encodeMetadata(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [encodeName(name), value]));
}

export function decodeMetadata(metadata: Metadata | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [
      name.toLowerCase().replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      value,
    ]),
  );
}

function encodeName(name: string): string {
  return name.replace(/^[0-9]|[^a-z0-9]/g, (sign) => `_${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
