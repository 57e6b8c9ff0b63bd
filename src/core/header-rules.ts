import type { Issue } from './errors.js';

const MAX_HEADERS = 50;
const MAX_BYTES = 8 * 1024;

/** The characters of a header's name: RFC 9110, section 5.6.2. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Printable ASCII without white space at the ends, which a receiver would strip. */
const VALUE = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;

/** Headers that the engine or the connection sets. A second value would break the framing or the signature. */
const RESERVED = new Set([
  'host',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
  'user-agent',
]);
const RESERVED_PREFIXES = ['content-', 'webhook-', 'proxy-'];

/** The patterns of names and values for JSON Schema, which knows no flags. */
export const HEADER_VALUE_FORM = VALUE.source;
const RESERVED_FORMS = [
  ...[...RESERVED].map((name) => `${eitherCase(name)}$`),
  ...RESERVED_PREFIXES.map(eitherCase),
];
export const HEADER_NAME_FORM = TOKEN.source.replace('^', `^(?!${RESERVED_FORMS.join('|')})`);

function eitherCase(name: string): string {
  return name.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
}

/** What is wrong with a subscription's own request headers. Empty when nothing is. */
export function checkHeaders(headers: Readonly<Record<string, unknown>>): Issue[] {
  const issues: Issue[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  const entries = Object.entries(headers);
  if (entries.length > MAX_HEADERS) {
    return [{ path: 'headers', code: 'too_many_headers', message: `Use at most ${MAX_HEADERS} headers.` }];
  }
  for (const [name, value] of entries) {
    const path = `headers[${JSON.stringify(name.slice(0, 100))}]`;
    const lower = name.toLowerCase();
    if (!TOKEN.test(name)) {
      issues.push({ path, code: 'invalid_header', message: 'Use letters, digits and dashes for the name.' });
    } else if (isReserved(lower)) {
      issues.push({
        path,
        code: 'reserved_header',
        message: 'Posthorn sets this header itself. Remove it.',
      });
    } else if (seen.has(lower)) {
      issues.push({
        path,
        code: 'duplicate_header',
        message: 'This name is used twice. Header names are not case-sensitive.',
      });
    }
    if (typeof value !== 'string' || !VALUE.test(value)) {
      const message = 'Use printable ASCII characters, without spaces at the start or end.';
      issues.push({ path, code: 'invalid_header', message });
    }
    seen.add(lower);
    bytes += name.length + (typeof value === 'string' ? value.length : 0) + ': \r\n'.length;
  }
  if (bytes > MAX_BYTES) {
    issues.push({
      path: 'headers',
      code: 'headers_too_large',
      message: 'Use at most 8 KiB for all headers together.',
    });
  }
  return issues;
}

/** Why a header may not have this name, lower case; null: it may. */
export function headerNameIssue(name: string): string | null {
  if (!TOKEN.test(name)) return 'use letters, digits and dashes.';
  return isReserved(name) ? 'Posthorn or the connection sets this header. Use another name.' : null;
}

function isReserved(name: string): boolean {
  return RESERVED.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix));
}
