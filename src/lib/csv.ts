/** What a field of a CSV file may be; null is an empty field. */
export type CsvValue = string | number | boolean | null;

/**
 * How a text begins that spreadsheets take for a formula: OWASP's list (`=`, `+`, `-`, `@`, tab, CR), LF, and the
 * full-width forms of the four signs, which Excel reads as the signs.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** What needs quotes: RFC 4180's characters, the separators of other locales, and blanks at an end. */
const NEEDS_QUOTES = /[",;\r\n\t]|^ | $/;

/** One record of RFC 4180, with its line end. A text that begins like a formula gets a `'` in front. */
export function csvRecord(values: CsvValue[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

function csvField(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
