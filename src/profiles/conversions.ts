import { ExactNumber } from '../core/exact-number.js';
import { parseTime } from '../core/iso-time.js';
import type { Conversion } from './equivalents.js';

/** Each conversion from native words to a profile's, and back. */
export const CONVERSIONS: Record<
  Conversion,
  { there: (value: unknown) => unknown; back: (value: unknown) => unknown }
> = {
  same: { there: (value) => value, back: (value) => value },
  number: {
    there: (value) =>
      typeof value === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value,
    back: (value) => (typeof value === 'number' || value instanceof ExactNumber ? String(value) : value),
  },
  fromZero: {
    there: (value) => (typeof value === 'number' ? value - 1 : value),
    back: (value) => (typeof value === 'number' ? value + 1 : value),
  },
  seconds: {
    there: (value) => (isTime(value) ? value.toUpperCase().replace(/\.\d+Z$/, 'Z') : value),
    back: (value) => (isTime(value) ? new Date(timeOf(value)).toISOString() : value),
  },
  list: {
    there: (value) => (Array.isArray(value) ? (value as unknown[]) : [value]),
    back: (value) => (Array.isArray(value) ? (value as unknown[])[0] : value),
  },
  capitals: {
    there: (value) => (typeof value === 'string' ? value.toUpperCase() : value),
    back: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  },
};

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/i.test(value) && !Number.isNaN(timeOf(value));
}

function timeOf(text: string): number {
  return parseTime(text) ?? Date.parse(text);
}
