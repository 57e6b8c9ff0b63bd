import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';

/** What cookies need to know: behind https they go over nothing else, and only this host can have set them. */
type Place = Pick<Settings, 'publicUrl'>;

const SESSION = 'posthorn_session';
const VALUE = /^[\w-]{1,2000}$/;

function isSecure({ publicUrl }: Place): boolean {
  return publicUrl.startsWith('https:');
}

function fullName(name: string, place: Place): string {
  return isSecure(place) ? `__Host-${name}` : name;
}

/** A cookie of ours; undefined where there is none, or one that we never set. */
export function readCookie(
  { headers }: Pick<FastifyRequest, 'headers'>,
  name: string,
  place: Place,
): string | undefined {
  const wanted = `${fullName(name, place)}=`;
  const found = headers.cookie?.split(';').find((part) => part.trimStart().startsWith(wanted));
  const value = found?.trim().slice(wanted.length);
  return value !== undefined && VALUE.test(value) ? value : undefined;
}

/** No script reads it, and other sites' pages send it with nothing but a link. Zero seconds take it away. */
export function setCookie(
  reply: FastifyReply,
  [name, value]: readonly [name: string, value: string],
  seconds: number,
  place: Place,
): void {
  const secure = isSecure(place) ? '; Secure' : '';
  const text = `${fullName(name, place)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
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
  setCookie(reply, [SESSION, token], seconds, place);
}

/** The token of a request that has no key: a key goes first, and says who it is. */
export function sessionTokenOf(request: FastifyRequest, place: Place): string | undefined {
  return request.headers.authorization === undefined ? readCookie(request, SESSION, place) : undefined;
}
