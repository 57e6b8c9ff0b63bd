import { ExactNumber } from '../lib/exact-number.js';
import { parseTime } from '../lib/iso-time.js';
import type { Conversion } from './equivalents.js';

/** Each conversion from native words to a profile's, and back. */
export const CONVERSIONS: Record<
  Conversion,
  { toTheirs: (value: unknown) => unknown; toNative: (value: unknown) => unknown }
> = {
  same: { toTheirs: (value) => value, toNative: (value) => value },
  number: {
    toTheirs: (value) =>
      typeof value === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value,
    toNative: (value) => (typeof value === 'number' || value instanceof ExactNumber ? String(value) : value),
  },
  fromZero: {
    toTheirs: (value) => (typeof value === 'number' ? value - 1 : value),
    toNative: (value) => (typeof value === 'number' ? value + 1 : value),
  },
  seconds: {
    toTheirs: (value) => (isTime(value) ? value.toUpperCase().replace(/\.\d+Z$/, 'Z') : value),
    toNative: (value) => (isTime(value) ? new Date(timeOf(value)).toISOString() : value),
  },
  list: {
    toTheirs: (value) => (Array.isArray(value) ? (value as unknown[]) : [value]),
    toNative: (value) => (Array.isArray(value) ? (value as unknown[])[0] : value),
  },
  capitals: {
    toTheirs: (value) => (typeof value === 'string' ? value.toUpperCase() : value),
    toNative: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  },
};

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/i.test(value) && !Number.isNaN(timeOf(value));
}

function timeOf(text: string): number {
  return parseTime(text) ?? Date.parse(text);
}
