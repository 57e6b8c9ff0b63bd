import { useEffect, useRef } from 'react';
import { navigate } from './hash-location.js';

interface Actions {
  help: () => void;
  /** Opens the search for everything. */
  search: () => void;
  /** The address of a page of this space. */
  page: (name: string) => string;
}

const GO: Record<string, string> = {
  o: 'overview',
  s: 'subscriptions',
  d: 'deliveries',
  e: 'events',
  t: 'bench',
  c: 'catalogue',
};

/** What the keyboard does wherever no field is being filled in. */
export function useKeyboard(actions: Actions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let leader = 0;
    const onKey = (event: KeyboardEvent) => {
      // Also while one types: no field has a use for it.
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
        latest.current.search();
        event.preventDefault();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const went = event.timeStamp - leader < 1_200 ? GO[event.key] : undefined;
      leader = event.key === 'g' ? event.timeStamp : -Infinity;
      if (went !== undefined) navigate(latest.current.page(went));
      else if (event.key === '/') focusSearch();
      else if (event.key === 'j') moveTo(1);
      else if (event.key === 'k') moveTo(-1);
      else if (event.key === '?') latest.current.help();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="listbox"]') !== null
  );
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  field?.focus();
  field?.select();
}

/** Puts the focus on the next or previous row of the page's list. */
function moveTo(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at === -1 ? rows[0] : rows[at + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
