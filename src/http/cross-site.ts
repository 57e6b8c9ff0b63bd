import type { IncomingHttpHeaders } from 'node:http';

/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What is asked of a request's head. `host` is the name that the application knows itself by, behind a proxy. */
interface RequestHead {
  method: string;
  headers: IncomingHttpHeaders;
  host: string | undefined;
}

/**
 * Whether a page of another site may have made a browser send this: its cookies would come along. Browsers say so in
 * `Sec-Fetch-Site`, and where that is missing in `Origin`. What has neither is of no browser.
 */
export function isCrossSite({ method, headers, host }: RequestHead): boolean {
  if (SAFE.has(method)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  if (origin === undefined) return false;
  const from = URL.canParse(origin) ? new URL(origin).host : null;
  return from === null || from === '' || (from !== headers.host && from !== host);
}
