import { useSyncExternalStore } from 'react';

/** The zone of all times on the page: the browser's, or UTC. It is kept for this browser. */

const NAME = 'posthorn-utc';
const listeners = new Set<() => void>();
let utc = read();

function read(): boolean {
  try {
    return localStorage.getItem(NAME) === '1';
  } catch {
    return false;
  }
}

export function isUtc(): boolean {
  return utc;
}

/** As `Intl` wants it: undefined is the browser's. */
export function zone(): string | undefined {
  return utc ? 'UTC' : undefined;
}

export function setUtc(wanted: boolean): void {
  utc = wanted;
  try {
    localStorage.setItem(NAME, wanted ? '1' : '0');
  } catch {
    // A frame that may store nothing shows the browser's zone next time.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useIsUtc(): boolean {
  return useSyncExternalStore(subscribe, isUtc);
}

/** What people call the page's zone. */
export function zoneName(): string {
  return utc ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What a `datetime-local` field wants: the page's zone without saying so. */
export function fieldTime(at: string | number): string {
  const date = new Date(at);
  if (utc) return date.toISOString().slice(0, 16);
  // Not by the offset: before there were zones it has seconds, and the field would change while a year is typed.
  const [year, ...rest] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [String(year).padStart(4, '0'), ...rest.map(two)].join('-');
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The moment that a `datetime-local` field names; null where it names none. */
export function momentOf(field: string): string | null {
  const at = Date.parse(utc ? `${field}Z` : field);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
