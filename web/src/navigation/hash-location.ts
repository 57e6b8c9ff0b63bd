import { useSyncExternalStore } from 'react';

/**
 * Pages live in the fragment (`#/s/demo/deliveries?status=failed`): the engine serves one file, links work below any
 * path, and neither filters nor ids reach a proxy's log.
 */

const CHANGED = 'posthorn:navigated';

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  addEventListener('popstate', listener);
  addEventListener(CHANGED, listener);
  return () => {
    removeEventListener('hashchange', listener);
    removeEventListener('popstate', listener);
    removeEventListener(CHANGED, listener);
  };
}

function parts(): [path: string, search: string] {
  const [path = '', search = ''] = location.hash.replace(/^#/, '').split(/\?(.*)/s);
  // The router would fail on what cannot be decoded.
  if (decodedOrNull(path) === null) return ['/', search];
  return [path.startsWith('/') ? path : `/${path}`, search];
}

/**
 * The text that was percent-encoded; null: it is none, such as the address of a link that was cut. The result has to be
 * used: a build may drop a call that is made only for its error.
 */
export function decodedOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

let isOwn = false;

/** Whether the last change of the address was a navigation of ours, and not Back or Forward. Forgets it. */
export function wasOwnNavigation(): boolean {
  const was = isOwn;
  isOwn = false;
  return was;
}

export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  // A filter changes what follows the path, and moves nobody.
  isOwn ||= to.split('?', 1)[0] !== parts()[0];
  const url = `${location.pathname}${location.search}#${to}`;
  if (replace) history.replaceState(null, '', url);
  else {
    history.pushState(null, '', url);
    scrollTo(0, 0);
  }
  dispatchEvent(new Event(CHANGED));
}

export function useHashLocation(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, () => parts()[0]), navigate];
}

useHashLocation.hrefs = (href: string) => `#${href}`;

/** What follows the `?` in the fragment. */
export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => parts()[1]);
}

/** The filters in the address, and a way to change some of them. Empty ones are left out. */
export function useFilters<K extends string>(
  names: readonly K[],
): [Partial<Record<K, string>>, (changes: Partial<Record<K, string | null>>) => void] {
  const search = new URLSearchParams(useHashSearch());
  const values: Partial<Record<K, string>> = {};
  for (const name of names) {
    const value = search.get(name);
    if (value) values[name] = value;
  }
  const change = (changes: Partial<Record<K, string | null>>) => {
    const [path, current] = parts();
    const next = new URLSearchParams(current);
    for (const [name, value] of Object.entries(changes) as [K, string | null][]) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const text = next.toString();
    navigate(text ? `${path}?${text}` : path, { replace: true });
  };
  return [values, change];
}
