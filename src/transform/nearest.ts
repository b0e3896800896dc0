/** Edits (insert, drop, replace, swap neighbours) between two short words. */
function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      line[column] = Math.min(
        at(row - 1, column) + 1,
        (line[column - 1] ?? 0) + 1,
        at(row - 1, column - 1) + (same ? 0 : 1),
        swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return at(from.length, to.length);
}

/** The known word that a mistyped one probably meant, or null when none is near. */
export function nearest(word: string, known: Iterable<string>): string | null {
  if (word.length > 32) return null;
  const lower = word.toLowerCase();
  const most = word.length <= 2 ? 1 : 2;
  let best: string | null = null;
  let least = most + 1;
  for (const candidate of known) {
    // So many letters have to be inserted or dropped at least.
    if (Math.abs(candidate.length - lower.length) >= least) continue;
    const edits = distance(lower, candidate);
    if (edits < least && edits < Math.max(word.length, 2)) [best, least] = [candidate, edits];
  }
  return best;
}
