import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useHashLocation } from '../navigation/hash-location.js';
import { Untrusted } from '../text/untrusted.js';
import { useWords, type Message } from './language.js';
import type { Look } from './look.js';

const SECTIONS: [path: string, label: Message][] = [
  ['/endpoints', 'nav.endpoints'],
  ['/types', 'nav.types'],
];

/** Name, logo and navigation around every page. */
export function Frame({ look, children }: { look: Look; children: ReactNode }) {
  const words = useWords();
  const [path] = useHashLocation();
  const main = useRef<HTMLElement>(null);
  useFocusOnNavigation(path, main);
  return (
    <div className="portal">
      <a
        className="skip"
        href={`#${path}`}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {words.text('skip')}
      </a>
      <header className="top">
        <div className="brand">
          {look.logoUrl !== null && (
            <img src={look.logoUrl} alt={look.name ?? ''} height={24} referrerPolicy="no-referrer" />
          )}
          {look.logoUrl === null && <Untrusted>{look.name ?? words.text('title')}</Untrusted>}
        </div>
        <nav aria-label={words.text('nav.label')}>
          {SECTIONS.map(([href, label]) => (
            <Link key={href} href={href} aria-current={path.startsWith(href) ? 'page' : undefined}>
              {words.text(label)}
            </Link>
          ))}
        </nav>
      </header>
      <main ref={main} tabIndex={-1}>
        {children}
      </main>
      {look.showMaker && <footer className="quiet small">{words.text('poweredBy')}</footer>}
    </div>
  );
}

/** Who hears the page hears the new one's heading; the first page leaves the focus where it is. */
function useFocusOnNavigation(path: string, main: { current: HTMLElement | null }): void {
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
