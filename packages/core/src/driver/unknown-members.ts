/**
 * A problem for each member of `given` that `known` does not name, with the name that was probably meant: for drivers
 * that check their options. `path` is where `given` stands, e.g. `jwt`.
 *
 * @example
 * ```ts
 * unknownMembers({ pasword: 'x' }, ['username', 'password']); // password: "did you mean password?"
 * ```
 */
export function unknownMembers(
  given: object,
  known: readonly string[],
  path = '',
): readonly { readonly path: string; readonly message: string }[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known);
      const help = guess ? `did you mean ${guess}?` : `there are ${known.join(', ')}.`;
      return { path: path === '' ? name : `${path}.${name}`, message: `There is no such option; ${help}` };
    });
}

/** The known name that is nearest to `name`, if it is near enough to be a slip. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 3));
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance);
  return ranked[0]?.candidate;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
