import { useSyncExternalStore } from 'react';
import { decodedOrNull } from '../navigation/hash-location.js';
import { connectToFrame, isFramed } from './frame.js';
import { isLanguage } from './language.js';
import { readLook, type Look } from './look.js';

/** Who looks, and at what: from the link, and from the page around this one. */
export interface PortalState {
  /** Null: none yet. `application`: the application around this page has signed its reader in. */
  token: string | null;
  /** The token was refused. */
  isExpired: boolean;
  /** How many links were refused: nothing of them stays. */
  refused: number;
  look: Look;
}

/** Below its path: another space's portal in the same tab has its own. */
const NAME = `portal:${location.pathname}`;
/** The space that the path names; null for links of the release before. */
const SPACE = /\/portal\/(spc_\w+)\/$/.exec(location.pathname)?.[1] ?? null;
const TOKEN = /^php_[\w-]{8,128}$/;

export const BY_APPLICATION = document.querySelector('meta[name="portal-session"]') !== null;

const listeners = new Set<() => void>();
/** The token whose place the present one took, unless it was refused. */
let former: string | null = null;
let tell: (type: string) => void = () => undefined;
let state: PortalState = begin();

function begin(): PortalState {
  const look = readLook();
  const kept = read();
  const link = adoptLink();
  const token = link?.token ?? kept.token ?? null;
  former = kept.token ?? null;
  const language = link?.language ?? kept.language;
  if (isLanguage(language)) look.language = language;
  write({ token, language: language ?? null });
  return { token: BY_APPLICATION ? 'application' : token, isExpired: false, refused: 0, look };
}

/** Takes the token out of the link, and out of the address bar and its history. */
function adoptLink(): { token: string; language: string | null } | null {
  const [, token, rest = ''] = /^#\/?\??portal=([^&]*)(.*)$/.exec(location.hash) ?? [];
  if (token === undefined) return null;
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  const given = decodedOrNull(token);
  if (given === null || !TOKEN.test(given)) return null;
  return { token: given, language: new URLSearchParams(rest).get('lang') };
}

function read(): { token?: string | null; language?: string | null } {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? '{}') as object;
  } catch {
    return {};
  }
}

function write(kept: { token: string | null; language: string | null }): void {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(kept));
  } catch {
    // A frame that may store nothing gets the token anew from the page around it.
  }
}

function change(changes: Partial<PortalState>): void {
  state = { ...state, ...changes };
  if (!BY_APPLICATION) write({ token: state.token, language: state.look.language });
  for (const listener of listeners) listener();
}

/** The token was refused. The one before it goes on, if there was one: anybody can make links. */
export function expire(): void {
  if (state.isExpired) return;
  if (former !== null && former !== state.token) {
    change({ token: former, refused: state.refused + 1 });
    return;
  }
  change({ isExpired: true });
  tell('posthorn:token-expired');
}

/** Whether a token is of another space than the page: who acts here would act there. */
export function isOfOtherSpace(session: { space: string | null }): boolean {
  return SPACE !== null && session.space !== SPACE;
}

/**
 * Links of the release before name no space in their path. Goes to the space's own page, which keeps a session of its
 * own: so a link takes no other space's place.
 */
export function moveToSpace({ space }: { space: string | null }): void {
  const { token, look } = state;
  if (SPACE !== null || space === null || token === null || BY_APPLICATION || isFramed) return;
  write({ token: null, language: null });
  const language = look.language === null ? '' : `&lang=${look.language}`;
  location.replace(`${location.pathname}${space}/#portal=${token}${language}`);
}

/** A changed link, such as one that was pasted over the old one. */
function adoptChangedLink(): void {
  const link = adoptLink();
  if (!link) return;
  former = state.isExpired ? null : state.token;
  const look = { ...state.look, ...(isLanguage(link.language) && { language: link.language }) };
  change({ token: link.token, isExpired: false, look });
}

/** Listens to links and to the page around this one. */
export function startSession(): void {
  addEventListener('popstate', adoptChangedLink);
  addEventListener('hashchange', adoptChangedLink);
  tell = connectToFrame(state.look.frameAncestors, ({ token, look }) => {
    const isNew = typeof token === 'string' && TOKEN.test(token) && token !== state.token;
    const changed = { ...state.look, ...look };
    if (isNew && !BY_APPLICATION) change({ token, isExpired: false, look: changed });
    else if (JSON.stringify(changed) !== JSON.stringify(state.look)) change({ look: changed });
  });
}

export function usePortalState(): PortalState {
  return useSyncExternalStore(subscribe, () => state);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
