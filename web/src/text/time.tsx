import { useSyncExternalStore } from 'react';

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Local time; the day only when it is not today. */
export function localTime(at: string | Date): string {
  const date = new Date(at);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return CLOCK.format(date);
  const day = date.getFullYear() === now.getFullYear() ? DAY : YEAR;
  return `${day.format(date)}, ${CLOCK.format(date)}`;
}

export function utcTime(at: string | Date): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC');
}

/** Local time on the page, UTC when one points at it. */
export function Time({ at, className }: { at: string; className?: string }) {
  return (
    <time dateTime={at} title={utcTime(at)} className={className}>
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
