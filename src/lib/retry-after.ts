const DAY_MS = 24 * 60 * 60 * 1000;

const TIME = String.raw`\d{2}:\d{2}:\d{2}`;
/** The three date forms of RFC 9110, section 5.6.7. `Date.parse` alone takes "-5" for a year. */
const HTTP_DATES = [
  new RegExp(String.raw`^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} ${TIME} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} ${TIME} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d ${TIME} \d{4}$`),
];

/**
 * How long a `Retry-After` header asks to wait from `now` on, milliseconds, at most 24 hours. Null when it is missing
 * or malformed, and when its date is past.
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, DAY_MS);
  if (!HTTP_DATES.some((form) => form.test(text))) return null;
  // The third form names no zone and means UTC.
  const delay = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) - now;
  return delay >= 0 ? Math.min(delay, DAY_MS) : null;
}
