import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';

/** What cookies need to know: behind https they go over nothing else, and only this host can have set them. */
type Place = Pick<Settings, 'publicUrl'>;

const SESSION = 'posthorn_session';
const VALUE = /^[\w.-]{1,3500}$/;

interface Cookie {
  name: string;
  value: string;
  /** Zero takes it away. */
  seconds: number;
  /** Below the public address; without it for every page. */
  path?: string;
}

function isSecure({ publicUrl }: Place): boolean {
  return publicUrl.startsWith('https:');
}

/** Browsers keep `__Host-` for cookies that are for every path. */
function fullName({ name, path }: Pick<Cookie, 'name' | 'path'>, place: Place): string {
  if (!isSecure(place)) return name;
  return `${path === undefined ? '__Host-' : '__Secure-'}${name}`;
}

/** A cookie of ours; undefined where there is none, or one that we never set. */
export function readCookie(
  { headers }: Pick<FastifyRequest, 'headers'>,
  cookie: Pick<Cookie, 'name' | 'path'>,
  place: Place,
): string | undefined {
  const wanted = `${fullName(cookie, place)}=`;
  const found = headers.cookie?.split(';').find((part) => part.trimStart().startsWith(wanted));
  const value = found?.trim().slice(wanted.length);
  return value !== undefined && VALUE.test(value) ? value : undefined;
}

/** No script reads it, and other sites' pages send it with nothing but a link. */
export function setCookie(reply: FastifyReply, cookie: Cookie, place: Place): void {
  const { value, seconds, path } = cookie;
  const secure = isSecure(place) ? '; Secure' : '';
  const where = path === undefined ? '/' : `${new URL(place.publicUrl).pathname.replace(/\/$/, '')}${path}`;
  const scope = `Path=${where}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
  const text = `${fullName(cookie, place)}=${value}; ${scope}`;
  const others = reply.getHeader('set-cookie');
  const all = [...(Array.isArray(others) ? others : others === undefined ? [] : [String(others)]), text];
  reply.removeHeader('set-cookie');
  reply.header('set-cookie', all);
}

export function setSessionCookie(
  reply: FastifyReply,
  { token, seconds }: { token: string; seconds: number },
  place: Place,
): void {
  setCookie(reply, { name: SESSION, value: token, seconds }, place);
}

/** The token of a request that has no key: a key goes first, and says who it is. */
export function sessionTokenOf(request: FastifyRequest, place: Place): string | undefined {
  return request.headers.authorization === undefined
    ? readCookie(request, { name: SESSION }, place)
    : undefined;
}
