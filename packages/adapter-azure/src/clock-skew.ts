/** How far a clock may be off; what the service accepts is not documented, and another one with this scheme takes 15 minutes. */
const toleratedMs = 5 * 60_000;

/**
 * What to do about a signature that was refused because of the time in it; undefined where the clocks agree or one of
 * them is unknown.
 *
 * @param signedAt `x-ms-date` of the request, by our clock.
 * @param answeredAt `Date` of the answer, by the service's.
 */
export function clockAdvice(signedAt: string | undefined, answeredAt: string | undefined): string | undefined {
  const skewMs = Date.parse(signedAt ?? '') - Date.parse(answeredAt ?? '');
  if (!(Math.abs(skewMs) > toleratedMs)) return undefined;
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  return `Set the clock of this machine: it is ${minutes} minutes ${skewMs > 0 ? 'ahead of' : 'behind'} that of Azure.`;
}
