import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import { readCookie, setCookie } from '../spaces/session-cookie.js';

type Place = Pick<Settings, 'publicUrl' | 'sessionHours'>;

const COOKIE = { name: 'posthorn_id_token', path: '/v1/sign-in' };
/** Browsers keep 4 KB; a longer token is left out, and the provider asks who it is. */
const MOST = 3_500;
const NONE = '0';

/** Keeps the provider's ID token with the browser, which shows it to the provider when it signs out. */
export function keepIdToken(reply: FastifyReply, idToken: string, place: Place): void {
  const value = idToken.length > MOST ? NONE : idToken;
  setCookie(reply, { ...COOKIE, value, seconds: place.sessionHours * 3_600 }, place);
}

/** Null: the session did not begin at the provider; undefined: the ID token was not kept. */
export function takeIdToken(
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
): string | null | undefined {
  const value = readCookie(request, COOKIE, place);
  if (value === undefined) return null;
  setCookie(reply, { ...COOKIE, value: NONE, seconds: 0 }, place);
  return value === NONE ? undefined : value;
}
