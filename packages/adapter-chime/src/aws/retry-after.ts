/**
 * Milliseconds that a `Retry-After` asks for: seconds, or a date, which is compared with the date of the answer since
 * the clocks differ. `undefined` when it says nothing that can be understood.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#field.retry-after}
 */
export function retryAfterMs(headers: { readonly [name: string]: string | undefined }): number | undefined {
  const given = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(given)) return Number(given) > 0 ? Number(given) * 1_000 : undefined;
  const wait = Date.parse(given) - Date.parse(headers['date'] ?? '');
  return wait > 0 ? wait : undefined;
}
