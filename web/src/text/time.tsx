import { useSyncExternalStore } from 'react';
import { isUtc, zone } from './time-zone.js';

const FORMS = {
  day: { day: 'numeric', month: 'short' },
  year: { year: 'numeric' },
  dayOfYear: { day: 'numeric', month: 'short', year: 'numeric' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  weekday: { weekday: 'short', day: 'numeric' },
  date: { year: 'numeric', month: '2-digit', day: '2-digit' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(form: keyof typeof FORMS, date: Date): string {
  const key = `${form} ${zone() ?? ''}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(undefined, { ...FORMS[form], timeZone: zone() });
    formats.set(key, known);
  }
  return known.format(date);
}

/** In the zone of the page, which is the browser's unless one chose UTC; the day only when it is not today. */
export function localTime(at: string | Date): string {
  const date = new Date(at);
  const now = new Date();
  const clock = format('clock', date);
  if (format('date', date) === format('date', now)) return clock;
  const isThisYear = format('year', date) === format('year', now);
  return `${format(isThisYear ? 'day' : 'dayOfYear', date)}, ${clock}`;
}

/** What stands below a bar of a chart: the day, or hours and minutes. */
export function chartTime(at: string, isDay: boolean): string {
  return format(isDay ? 'weekday' : 'minute', new Date(at));
}

/** The same moment for whoever points at a time: in UTC, and in the browser's zone where the page shows UTC. */
export function otherTime(at: string | Date): string {
  if (!isUtc()) return utcTime(at);
  return `${new Date(at).toLocaleString()} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
}

function utcTime(at: string | Date): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC');
}

/** In the page's zone; the other one when one points at it. */
export function Time({ at, className }: { at: string; className?: string }) {
  return (
    <time dateTime={at} title={otherTime(at)} className={className}>
      {localTime(at)}
    </time>
  );
}

const UNITS: [seconds: number, letter: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** `90` becomes `1 min 30 s`: the two largest units. */
export function duration(seconds: number): string {
  if (seconds < 1) return seconds <= 0 ? '0 s' : `${Math.round(seconds * 1000)} ms`;
  let rest = Math.round(seconds);
  const words: string[] = [];
  for (const [size, letter] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0 && words.length < 2) words.push(`${count} ${letter}`);
    rest -= count * size;
  }
  return words.join(' ');
}

let now = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  if (document.hidden) return;
  now = Date.now();
  for (const listener of listeners) listener();
}, 1_000);

function everySecond(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The present, refreshed every second while the tab is seen. */
function useNow(): number {
  return useSyncExternalStore(everySecond, () => now);
}

/** `in 12 s`, `3 min ago`; the exact time when one points at it. */
export function Relative({ at }: { at: string }) {
  const seconds = (new Date(at).getTime() - useNow()) / 1_000;
  const words = Math.abs(seconds) < 1 ? 'now' : duration(Math.abs(seconds));
  return (
    <time dateTime={at} title={`${localTime(at)} · ${utcTime(at)}`}>
      {words === 'now' ? 'now' : seconds > 0 ? `in ${words}` : `${words} ago`}
    </time>
  );
}
