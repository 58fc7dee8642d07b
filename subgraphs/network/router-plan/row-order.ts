/**
 * The order of our rows in a menu where order matters. Rows of others stand between them and do not count: only which of ours
 * comes before which.
 */

/** One row that is to be put elsewhere: before another of ours, or behind all of them. */
export interface RowMove {
  id: string;
  before: string | null;
}

/** Those that may stay where they are: as many as can, being in their order already. */
export function staying(present: readonly string[], wished: readonly string[]): string[] {
  const rankOf = new Map(wished.map((id, at) => [id, at]));
  const rows = present.filter((id) => rankOf.has(id));
  // Patience sorting: `tails[n]` ends the lowest-ending rising run of n + 1 rows that was met so far.
  const tails: number[] = [];
  const previous: number[] = [];
  rows.forEach((id, at) => {
    const rank = rankOf.get(id)!;
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rankOf.get(rows[tails[middle]!]!)! < rank) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = at;
  });
  const kept: string[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at]!) kept.push(rows[at]!);
  return kept.toReversed();
}

/**
 * The fewest moves that bring rows into their order, as they are to be done one after the other: from the last to the first, so
 * that the one before which a row is put stands in its place already.
 * @param present as the router has them
 * @param wished all that will be there, in their order
 */
export function movesOf(present: readonly string[], wished: readonly string[]): RowMove[] {
  const kept = new Set(staying(present, wished));
  const there = new Set(present);
  return wished.map((id, at) => ({ id, before: wished[at + 1] ?? null })).filter(({ id }) => there.has(id) && !kept.has(id)).toReversed();
}

/** Those that stand behind all that are to come before them, and before all others. */
export function inPlace(present: readonly string[], wished: readonly string[]): Set<string> {
  const rankOf = new Map(wished.map((id, at) => [id, at]));
  const rows = present.filter((id) => rankOf.has(id)).map((id) => ({ id, rank: rankOf.get(id)! }));
  const lowestBehind: number[] = [];
  for (let at = rows.length - 1, lowest = Infinity; at >= 0; at -= 1) {
    lowestBehind[at] = lowest;
    lowest = Math.min(lowest, rows[at]!.rank);
  }
  const placed = new Set<string>();
  let highest = -1;
  rows.forEach(({ id, rank }, at) => {
    if (highest < rank && rank < lowestBehind[at]!) placed.add(id);
    highest = Math.max(highest, rank);
  });
  return placed;
}

/** The next one in the order that the router has. */
export function nextOf(id: string, present: Pick<ReadonlySet<string>, 'has'>, wished: readonly string[]): string | null {
  return wished.slice(wished.indexOf(id) + 1).find((one) => present.has(one)) ?? null;
}
