/**
 * ISO 8601's extended form: a year, month or day, or a time with or without its zone. As in RFC 3339, `T` and `Z` may
 * be lower case, and the fraction of a second may have any length.
 */
const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?:Z|([+-])(\d{2}):(\d{2}))?$/i;
const DAY = /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/;

/**
 * The same for JSON Schema, with the days and hours that exist; only leap seconds and the end of a day at 24:00 are
 * left out.
 */
const YEAR = '(?!0000)[0-9]{4}';
const MONTH = '(?:0[1-9]|1[0-2])';
const DATE =
  `${YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)` +
  '|02-(?:0[1-9]|1[0-9]|2[0-8]))';
const HOUR = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';
const ZONE = `(?:[Zz]|[+-]${HOUR})`;
const MOMENT_FORM = `${DATE}[Tt]${HOUR}(?::[0-5][0-9](?:\\.[0-9]+)?)?`;
/** The pattern of the times that `parseTime` reads, but for February 29. */
export const TIME_FORM = `^(?:${YEAR}|${YEAR}-${MONTH}|${DATE}|${MOMENT_FORM}${ZONE}?)$`;
/** The pattern of those with a zone. */
export const ZONED_TIME_FORM = `^${MOMENT_FORM}${ZONE}$`;

/** The years that the database can store and an answer can print: others have a sign, or more digits. */
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What is wrong with a text of the right form that names no time. */
export const INVALID_TIME_HINT =
  'is not a valid time: use a day and hour that exist, in the years 1 to 9999.';

/**
 * The time an ISO 8601 text names, milliseconds; null when there is none. Without a zone it is UTC. A day that its
 * month does not have is refused, where `Date.parse` takes February 30 for March 2. A leap second counts as the
 * second after it, as in PostgreSQL.
 */
export function parseTime(text: string): number | null {
  const time = DAY.test(text) ? startOf(text) : timestampOf(text);
  return time !== null && time >= FIRST && time <= LAST ? time : null;
}

/** Whether it has RFC 3339's form of a time with a zone. Its day and hour may not exist. */
export function hasZone(text: string): boolean {
  return MOMENT.test(text) && /(?:z|[+-]\d\d:\d\d)$/i.test(text);
}

function startOf(day: string): number | null {
  const start = new Date(`${day}${'-01'.repeat((10 - day.length) / 3)}T00:00:00Z`);
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day) ? start.getTime() : null;
}

function timestampOf(text: string): number | null {
  const [, day = '', hh, mm, ss = '0', fraction = '', sign, zoneHours = '0', zoneMinutes = '0'] =
    MOMENT.exec(text) ?? [];
  const start = day === '' ? null : startOf(day);
  const [hours, minutes, seconds] = [Number(hh), Number(mm), Number(ss)];
  if (start === null || minutes > 59 || seconds > 60 || Number(zoneHours) > 23 || Number(zoneMinutes) > 59)
    return null;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  // In ISO 8601 a day may end at 24:00, but not at a later part of that hour.
  if (hours > 24 || (hours === 24 && minutes + seconds + ms > 0)) return null;
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * MINUTE_MS * (sign === '-' ? -1 : 1);
  const time = start + (hours * 60 + minutes) * MINUTE_MS + seconds * 1_000 + ms - offset;
  return seconds < 60 || isLeapSecond(time - ms) ? time : null;
}

/** A leap second is at the end of a month, in UTC. `next` is the second after it. */
function isLeapSecond(next: number): boolean {
  return next % DAY_MS === 0 && new Date(next).getUTCDate() === 1;
}

let second = NaN;
/** The text of `second`, up to the point. */
let prefix = '';

/**
 * What `toISOString` gives, which takes 0.8 µs: events come in the order of time, most of them in the second of the
 * one before.
 */
export function isoTime(time: Date): string {
  const ms = time.getTime();
  const itsSecond = Math.floor(ms / 1_000);
  if (itsSecond !== second) {
    prefix = time.toISOString().slice(0, -4);
    second = itsSecond;
  }
  return `${prefix}${String(ms - itsSecond * 1_000).padStart(3, '0')}Z`;
}
