/**
 * The name a person most likely meant, or null when none is close: at most a third of the letters may differ. Case
 * and separators are ignored, so `email_sent` finds `emailSent`.
 */
export function nearestName(word: string, names: Iterable<string>): string | null {
  const wanted = plain(word);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted, plain(name), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

function plain(name: string): string {
  // Longer words are cut: the cost grows with the square of the length, and words come from outside.
  return name
    .slice(0, 128)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** The Levenshtein distance: letters to insert, delete or change. Returns `limit` when it is that or more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Uint8Array.from({ length: b.length + 1 }, (_none, index) => index);
  let next = new Uint8Array(b.length + 1);
  for (let i = 1; i <= a.length; i += 1) {
    const letter = a.charCodeAt(i - 1);
    let left = i;
    let least = i;
    next[0] = i;
    for (let j = 1; j <= b.length; j += 1) {
      let distance = (row[j - 1] as number) + (letter === b.charCodeAt(j - 1) ? 0 : 1);
      const above = (row[j] as number) + 1;
      if (above < distance) distance = above;
      if (left + 1 < distance) distance = left + 1;
      next[j] = left = distance;
      if (distance < least) least = distance;
    }
    // From here on it only grows.
    if (least >= limit) return limit;
    [row, next] = [next, row];
  }
  return row[b.length] as number;
}
