import { distance } from 'fastest-levenshtein';

/** Letters of a word that is compared. Words come from outside, and nobody mistypes a longer one by hand. */
const MOST_LETTERS = 64;

/**
 * The name a person most likely meant, or null when none is close: at most a third of the letters may differ. Case
 * and separators are ignored, so `email_sent` finds `emailSent`.
 */
export function nearestName(word: string, names: Iterable<string>): string | null {
  const wanted = plain(word);
  if (wanted.length > MOST_LETTERS) return null;
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const letters = plain(name);
    if (Math.abs(letters.length - wanted.length) >= bestDistance) continue;
    const edits = distance(wanted, letters);
    if (edits < bestDistance) [best, bestDistance] = [name, edits];
  }
  return best;
}

function plain(name: string): string {
  return name
    .slice(0, 2 * MOST_LETTERS)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
