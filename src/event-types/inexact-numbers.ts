import { Invalid, type Issue } from '../core/errors.js';
import { ExactNumber } from '../lib/exact-number.js';

const MAX_ISSUES = 20;
const MAX_PATH = 200;
const MAX_TEXT = 60;

/**
 * Throws Invalid for numbers of a definition that a double cannot hold: a schema would mean another limit, and an
 * example would be another one, than what was written. Read it with `exactData` or `readYaml`.
 */
export function refuseInexactNumbers(definition: object): void {
  const issues: Issue[] = [];
  collect(definition, '', issues);
  if (issues.length > 0) throw new Invalid(issues);
}

function collect(value: unknown, path: string, issues: Issue[]): void {
  if (issues.length >= MAX_ISSUES) return;
  const message = complaintOf(value);
  if (message !== null) issues.push({ path: path.slice(0, MAX_PATH), code: 'inexact_number', message });
  else if (Array.isArray(value))
    value.forEach((item, index) => collect(item, `${path}[${String(index)}]`, issues));
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value))
      collect(member, path === '' ? name : `${path}.${name}`, issues);
}

function complaintOf(value: unknown): string | null {
  if (value instanceof ExactNumber) return complaint(value.text, value.asDouble);
  // In code.
  if (typeof value === 'bigint') return complaint(String(value), Number(value));
  if (typeof value === 'number' && !Number.isFinite(value)) return `JSON has no ${value}. Leave it out.`;
  return null;
}

function complaint(text: string, double: number): string {
  if (text.length > MAX_TEXT) return 'The number has too many digits. Write it as text, in quotes.';
  const why = Number.isFinite(double) ? `would be rounded to ${double}` : 'is too large';
  return `${text} ${why}. Write it as text: "${text}".`;
}
