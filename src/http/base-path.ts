import type { FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import { BadRequest } from '../core/errors.js';

/** The path under which a proxy serves this API: that of `publicUrl`, without a trailing slash. Empty at the root. */
export function basePathOf({ publicUrl }: Pick<Settings, 'publicUrl'>): string {
  return publicUrl === '' ? '' : new URL(publicUrl).pathname.replace(/\/$/, '');
}

/** A request's URL as the routes know it. Some proxies remove the path themselves; then it stays as it is. */
export function withoutBase(url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url;
}

/**
 * The base URL of this API, without a trailing slash: `publicUrl`, else what the request's headers say. Throws
 * BadRequest when they name no valid host.
 */
export function publicUrlOf({ publicUrl }: Pick<Settings, 'publicUrl'>, request: FastifyRequest): string {
  if (publicUrl !== '') return publicUrl;
  if (!isHost(request.host)) {
    throw new BadRequest(
      'invalid_host',
      'The Host header is not host[:port], e.g. hooks.example.com:8080. Send the host of this API.',
    );
  }
  return `${request.protocol}://${request.host}`;
}

/**
 * A name, an IPv4 address, or an IPv6 address in brackets, with a port. It becomes part of links, so nothing else is
 * allowed.
 */
function isHost(text: string): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(text) && URL.canParse(`http://${text}`);
}
