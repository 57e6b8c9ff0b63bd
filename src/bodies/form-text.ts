import { ExactNumber } from '../lib/exact-number.js';

/** Values that a form may have. */
const MAX_FIELDS = 10_000;
/** As deep as published data may be. */
const MAX_DEPTH = 64;

/**
 * An object as `application/x-www-form-urlencoded`, with brackets for what is inside: `lead[email]=a&tags[0]=b`. Null
 * becomes an empty value. Gives null when it is no object, or has too many values or levels.
 */
export function formText(value: unknown): string | null {
  if (!isNested(value) || Array.isArray(value)) return null;
  const parts: string[] = [];
  return collect(value, '', 0, parts) ? parts.join('&') : null;
}

function collect(value: object, base: string, depth: number, parts: string[]): boolean {
  if (depth >= MAX_DEPTH) return false;
  for (const [key, field] of Object.entries(value)) {
    const name = base === '' ? key : `${base}[${key}]`;
    if (isNested(field)) {
      if (!collect(field, name, depth + 1, parts)) return false;
    } else if (parts.push(`${encode(name)}=${encode(textOf(field))}`) > MAX_FIELDS) return false;
  }
  return true;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber);
}

function textOf(field: unknown): string {
  if (field instanceof ExactNumber) return field.text;
  if (typeof field === 'number' || typeof field === 'boolean') return String(field);
  return typeof field === 'string' ? field : '';
}

/** As the URL standard writes forms. A lone surrogate has no encoding. */
function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
    .replaceAll('%20', '+')
    .replaceAll(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
