import { ExactNumber } from '../lib/exact-number.js';

/** An id in an event's data as text, which some providers write as a number; null when there is none. */
export function idText(value: unknown): string | null {
  if (typeof value === 'number' || value instanceof ExactNumber) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}
