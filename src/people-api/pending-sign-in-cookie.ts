import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import { readCookie, setCookie } from '../spaces/session-cookie.js';
import type { PendingSignIn } from './identity-provider.js';

type Place = Pick<Settings, 'publicUrl'>;

const COOKIE = { name: 'posthorn_signing_in' };
/** How long somebody may take at the provider. */
const SECONDS = 600;

/**
 * A pending sign-in stays with the browser that began it: there alone the provider's answer counts. It needs no key,
 * since whoever changes it only breaks their own sign-in.
 */
export function setPendingSignIn(reply: FastifyReply, pending: PendingSignIn, place: Place): void {
  const value = Buffer.from(JSON.stringify(pending)).toString('base64url');
  setCookie(reply, { ...COOKIE, value, seconds: SECONDS }, place);
}

/** Each pending sign-in once. Null where there is none, or it was tampered with. */
export function takePendingSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
): PendingSignIn | null {
  const value = readCookie(request, COOKIE, place);
  if (value === undefined) return null;
  setCookie(reply, { ...COOKIE, value: '0', seconds: 0 }, place);
  return read(Buffer.from(value, 'base64url').toString());
}

function read(text: string): PendingSignIn | null {
  try {
    const { state, nonce, verifier, next } = JSON.parse(text) as Record<string, unknown>;
    const isWhole = [state, nonce, verifier].every((it) => typeof it === 'string' && it.length >= 20);
    return isWhole ? ({ state, nonce, verifier, next: pageOf(next) } as PendingSignIn) : null;
  } catch {
    return null;
  }
}

/** A page of ours: it becomes the fragment of our own address, so it cannot lead anywhere else. */
export function pageOf(next: unknown): string {
  return typeof next === 'string' && /^\/[\w\-./~%?=&,:+@*]{0,500}$/.test(next) ? next : '/';
}
