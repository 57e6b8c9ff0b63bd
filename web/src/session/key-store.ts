/**
 * The key of this tab. It lives in session storage, which other tabs and later visits do not see, or in memory where a
 * frame may store nothing.
 */

import { decodedOrNull } from '../navigation/hash-location.js';

const NAME = 'posthorn-key';
let inMemory: string | null = null;
let farewell: string | null = null;
let offered: string | null = null;
let link: string | null = null;
const listeners = new Set<() => void>();

/** The application around this page has signed its reader in, and every request carries its cookies. */
export const BY_APPLICATION = document.querySelector('meta[name="posthorn-session"]') !== null;

/** Stands for a key where a cookie says who somebody is. It is no key, and sent to nobody. */
export const BY_COOKIE = 'by cookie';

export function storedKey(): string | null {
  if (BY_APPLICATION) return 'application';
  try {
    return sessionStorage.getItem(NAME) ?? inMemory;
  } catch {
    return inMemory;
  }
}

export function startSession(key: string): void {
  inMemory = key;
  farewell = null;
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // Third-party frames may store nothing: then a reload asks again.
  }
  changed();
}

/** Forgets the key. `reason` is shown where one signs in again. */
export function endSession(reason: string | null = null): void {
  inMemory = null;
  farewell = reason;
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // Nothing was stored.
  }
  changed();
}

/** Why the last session ended, when it was not the person's wish. */
export function endReason(): string | null {
  return farewell;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Takes the token out of a portal link (`#portal=…` or `#token=…`) and out of the address bar and its history. Who has
 * a session is asked before another takes its place: anybody can send a link, and what is done next would be done in
 * their space.
 */
export function adoptPortalToken(): void {
  if (BY_APPLICATION) return;
  adoptLinkToken();
  const token = /^#\/?\??(?:portal|token)=([^&]*)/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  const given = decoded(token);
  const mine = storedKey();
  if (given === null) return mine === null ? endSession(DAMAGED) : undefined;
  if (mine === given || (mine !== null && isRenewal(mine, given))) return startSession(given);
  offered = given;
  changed();
}

/** The token of a mailed link (`#sign-in=…`) that its reader has not used yet. */
export function linkToken(): string | null {
  return link;
}

export function dropLinkToken(): void {
  link = null;
  changed();
}

/** Takes it out of the address bar and its history. A session that there is stays. */
function adoptLinkToken(): void {
  const token = /^#\/?sign-in=(phl_\w{43})$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  link = token;
  changed();
}

/** The token of a link that was opened and may not take the place of another session without an answer. */
export function offeredToken(): string | null {
  return offered;
}

/** Whether the link's session takes the place of the one there is. */
export function answerOffer(accept: boolean): void {
  const given = offered;
  offered = null;
  if (accept && given !== null) startSession(given);
  else changed();
}

/** In a frame the product around it, and no stranger, hands out the links: a new one each time its page is opened. */
function isRenewal(mine: string, given: string): boolean {
  return window.top !== window && mine.startsWith('php_') && given.startsWith('php_');
}

const DAMAGED = 'The link is damaged. Open it again, or ask for a new one.';

/** Null: it is no token, for a part of it is lost. */
function decoded(text: string): string | null {
  const token = decodedOrNull(text);
  return token !== null && /^[\x21-\x7e]+$/.test(token) ? token : null;
}

function changed(): void {
  for (const listener of listeners) listener();
}
