import type { FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';

/** The path below which a proxy shows this API: that of `publicUrl`, without a slash at the end. Empty at the root. */
export function basePathOf({ publicUrl }: Pick<Settings, 'publicUrl'>): string {
  return publicUrl === '' ? '' : new URL(publicUrl).pathname.replace(/\/$/, '');
}

/** A request's URL as the routes know it. Some proxies take the path off themselves: then there is nothing to do. */
export function withoutBase(url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url;
}

/** Where this API is reached, without a slash at the end: as configured, else as the request says. */
export function publicUrlOf({ publicUrl }: Pick<Settings, 'publicUrl'>, request: FastifyRequest): string {
  return publicUrl === '' ? `${request.protocol}://${request.host}` : publicUrl;
}
