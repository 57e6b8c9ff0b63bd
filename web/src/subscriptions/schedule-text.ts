import { duration } from '../text/time.js';

const SECONDS: Record<string, number> = { s: 1, m: 60, min: 60, h: 3_600, d: 86_400 };
const UNITS = ['d', 'h', 'min', 's'];

/** `5 s, 30 s, 5 min` becomes seconds; null when some of it is not understood. A bare number is seconds. */
export function parseSchedule(text: string): number[] | null {
  const parts = text.split(/[,;\n]+/).map((part) => part.trim());
  const seconds = parts.filter((part) => part !== '').map(parseDelay);
  return seconds.every((one) => one !== null) ? seconds : null;
}

function parseDelay(text: string): number | null {
  let sum = 0;
  let rest = text.toLowerCase();
  do {
    const match = /^(\d+(?:\.\d+)?)\s*(s|min|m|h|d)?\s*/.exec(rest);
    if (match === null) return null;
    sum += Number(match[1]) * (SECONDS[match[2] ?? 's'] ?? 1);
    rest = rest.slice(match[0].length);
  } while (rest !== '');
  return sum;
}

/** As `parseSchedule` reads it: to the second, unlike `duration`. */
export function spellSchedule(seconds: readonly number[]): string {
  return seconds.map(spellDelay).join(', ');
}

function spellDelay(seconds: number): string {
  let rest = seconds;
  const words = UNITS.flatMap((unit) => {
    const size = SECONDS[unit] ?? 1;
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return words.length === 0 ? '0 s' : words.join(' ');
}

/** How many attempts a schedule makes and how long it goes on. */
export function describeSchedule(seconds: readonly number[]): string {
  const all = seconds.reduce((sum, one) => sum + one, 0);
  if (seconds.length === 0) return 'One attempt, no retry.';
  return `${seconds.length + 1} attempts over ${duration(all)}.`;
}
