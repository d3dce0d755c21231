/** Whether `value` is a date as HTTP writes it (RFC 1123): `Mon, 05 Jan 2026 09:00:00 GMT`. */
export function isHttpDate(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) && new Date(value).toUTCString() === value;
}
