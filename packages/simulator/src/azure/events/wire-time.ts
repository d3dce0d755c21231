/** A time as callbacks print it: seven fractional digits and `+00:00`. */
export function offsetTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '0000+00:00');
}

/** A time as Event Grid and the metadata file print it: seven fractional digits and `Z`. */
export function utcTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '0000Z');
}
