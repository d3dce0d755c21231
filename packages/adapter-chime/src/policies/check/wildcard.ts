/**
 * Whether text fits a pattern of IAM, in which `*` stands for any characters and `?` for one. In time that grows with
 * the product of both lengths, whatever the pattern.
 */
export function fits(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const sign = pattern[inPattern];
    if (sign === '*') {
      star = inPattern++;
      resume = at;
    } else if (sign === '?' || sign === text[at]) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}

/** Whether an ARN fits the pattern of another, part by part: a `*` in one of the first five reaches no colon. */
export function fitsArn(arn: string, pattern: string): boolean {
  const [parts, patterns] = [arn, pattern].map(partsOf);
  return (
    parts !== undefined && patterns !== undefined && parts.every((part, index) => fits(part, patterns[index] ?? ''))
  );
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...Array.from({ length: 5 }, (_, index) => parts[index] ?? ''), parts.slice(5).join(':')];
}
