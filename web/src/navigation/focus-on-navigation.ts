import { useEffect, useRef } from 'react';
import { useHashLocation, wasOwnNavigation } from './hash-location.js';

/** How long a page may take until what is to have the focus is there. */
const PATIENCE_MS = 2_000;

/**
 * Puts the focus on the heading of a page that one goes to, and on the row that one came from when one goes back: so a
 * screen reader begins there, and the keyboard goes on where it was.
 */
export function useFocusOnNavigation(): void {
  const [path] = useHashLocation();
  const before = useRef(path);
  useEffect(() => {
    const from = before.current;
    if (from === path) return undefined;
    before.current = path;
    return focusWhenThere(wasOwnNavigation() ? null : from);
  }, [path]);
}

/** Waits for the page, and gives up where the person goes elsewhere meanwhile. `row`: the address that it leads to. */
function focusWhenThere(row: string | null): () => void {
  const had = document.activeElement;
  let wanted = row;
  const look = () => {
    const { activeElement } = document;
    if (activeElement !== had && activeElement !== document.body) {
      stop();
      return;
    }
    const target = wanted === null ? document.querySelector<HTMLElement>('main h1') : rowTo(wanted);
    if (!target) return;
    target.focus({ preventScroll: wanted === null });
    stop();
  };
  const watch = new MutationObserver(look);
  // A row may be gone by now: then the heading has to do.
  const patience = setTimeout(() => {
    wanted = null;
    look();
    stop();
  }, PATIENCE_MS);
  function stop(): void {
    clearTimeout(patience);
    watch.disconnect();
  }
  watch.observe(document.body, { childList: true, subtree: true });
  look();
  return stop;
}

function rowTo(path: string): HTMLElement | null {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row][href]')];
  return rows.find((row) => row.getAttribute('href')?.split('?', 1)[0] === `#${path}`) ?? null;
}
