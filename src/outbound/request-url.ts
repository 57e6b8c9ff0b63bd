/** The parts of a URL as a request sends them. */
export interface RequestUrl {
  /** The URL that is requested, for the log. As stored, unless some characters may not be sent. */
  url: string;
  secure: boolean;
  /** The value of the `host` header. */
  host: string;
  /** Without the brackets of an IPv6 address. */
  hostname: string;
  port: number;
  /** Path and query. */
  target: string;
}

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** An authority without user information, a path, and a query with its question mark. */
const PARTS = /^[a-z]+:\/\/([^/?#\\@]+)([^?#\\]*)(\?[^#]*)?$/i;

/**
 * Characters that a request line may not contain, and a few that the URL standard encodes. All others are sent as
 * stored.
 */
const UNSENDABLE_IN_PATH = /[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7a|~]/gu;
const UNSENDABLE_IN_QUERY = /[^\x21\x23-\x3b\x3d\x3f-\x7e]/gu;

/**
 * Splits a stored URL without rewriting it. `URL` resolves dots, encodes quotes and lowers the case of a host, but an
 * endpoint may sign or route by the exact bytes. Null when it is not an HTTP URL.
 */
export function parseRequestUrl(text: string): RequestUrl | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const standard = DEFAULT_PORTS[url.protocol];
  if (standard === undefined) return null;
  const { host, target } = asWritten(text, url, standard) ?? {
    host: url.host,
    target: url.pathname + url.search,
  };
  const origin = (/^https?:\/\//i.exec(text)?.[0] ?? `${url.protocol}//`) + host;
  // An empty path is sent as `/`, which is the same URL.
  const isAsStored = text === origin + target || text === origin + target.slice(1);
  return {
    url: isAsStored ? text : origin + target,
    secure: url.protocol === 'https:',
    host,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? standard : Number(url.port),
    target,
  };
}

function asWritten(text: string, url: URL, standard: number): { host: string; target: string } | null {
  const parts = PARTS.exec(text);
  if (parts === null) return null;
  const [, authority = '', path = '', query = ''] = parts;
  const lower = authority.toLowerCase();
  // Other spellings of a host, such as `bücher.example` or `0x7f.1`, are sent in their normal form.
  const isPlain = lower === url.host || lower === `${url.host}:${standard}`;
  return {
    host: isPlain ? authority : url.host,
    target:
      (path === '' ? '/' : path.replace(UNSENDABLE_IN_PATH, encoded)) +
      query.replace(UNSENDABLE_IN_QUERY, encoded),
  };
}

function encoded(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
