/** ISO 8601's extended form: a year, month or day, or a moment of a day with or without its zone. */
const TIME =
  /^(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/** What the database can store and an answer can print: in other years a date has a sign, or more digits. */
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** What is wrong with a text of the right form that means none. */
export const NO_TIME = 'is no moment: name a day and hour that exist, in the years 1 to 9999.';

/**
 * The moment an ISO 8601 text means, milliseconds; null when it means none. Without a zone it is UTC, wherever the
 * server stands. A day that its month does not have is none: `Date.parse` makes February 30 the second of March.
 */
export function parseTime(text: string): number | null {
  const [, day = '', clock, zone = 'Z'] = TIME.exec(text) ?? [];
  if (day === '' || !isDay(day) || (clock !== undefined && day.length < 10)) return null;
  const time = Date.parse(clock === undefined ? day : `${day}${clock}${zone}`);
  return time >= FIRST && time <= LAST ? time : null;
}

function isDay(day: string): boolean {
  const start = new Date(`${day}${'-01'.repeat((10 - day.length) / 3)}T00:00:00Z`);
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
}

let second = NaN;
/** The text of `second`, up to the point. */
let prefix = '';

/** What `toISOString` gives, which takes 0.8 µs: events come in the order of time, most of them in the second of the one before. */
export function isoTime(time: Date): string {
  const ms = time.getTime();
  const itsSecond = Math.floor(ms / 1_000);
  if (itsSecond !== second) {
    prefix = time.toISOString().slice(0, -4);
    second = itsSecond;
  }
  return `${prefix}${String(ms - itsSecond * 1_000).padStart(3, '0')}Z`;
}
