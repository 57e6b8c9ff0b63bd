import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import './virtual-list.css';

interface Props<T> {
  /** What the list is of, for people who hear the page. */
  label: string;
  /** With a gap for each one that is not here (any more): it keeps its place. */
  rows: (T | undefined)[];
  keyOf: (row: T) => string;
  hrefOf: (row: T) => string;
  /** The cells, one element for each column. */
  render: (row: T) => ReactNode;
  /** The class with `grid-template-columns`, and the columns' heads. */
  layout: string;
  heads: string[];
  rowHeight: number;
  /** Called when the end comes near; undefined when there is no more. */
  loadMore?: () => void;
  loading: boolean;
  /** Hears which is the first row in view. */
  onView?: (first: number) => void;
}

/** Rows above and below those in view. */
const OVERSCAN = 12;

/** Millions of rows of one height, of which only those in view exist. The page itself scrolls. */
export function VirtualList<T>(props: Props<T>) {
  const { label, rows, keyOf, hrefOf, render, layout, heads, rowHeight, loadMore, loading, onView } = props;
  const box = useRef<HTMLDivElement>(null);
  const { first, end } = useRowsInView(box, rows.length, rowHeight);
  const last = end - 1;
  const start = rows[0] === undefined ? '' : keyOf(rows[0]);
  const place = `${start} ${rows.length} ${last}`;
  const askedAt = useRef('');
  useEffect(() => {
    // Once for each place: a page that was refused is asked for again when one scrolls.
    if (!loadMore || last < rows.length - 25 || askedAt.current === place) return;
    askedAt.current = place;
    loadMore();
  }, [last, rows.length, loadMore, place]);
  useEffect(() => onView?.(first), [first, onView]);

  return (
    <div className="list">
      <div className={`list-head ${layout}`} aria-hidden="true">
        {heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      <div
        ref={box}
        role="list"
        aria-label={label}
        className="list-body"
        style={{ height: rows.length * rowHeight }}
      >
        {rows.slice(Math.max(0, first - OVERSCAN), end).map((row, offset) => {
          if (row === undefined) return null;
          const index = Math.max(0, first - OVERSCAN) + offset;
          return (
            <div
              key={keyOf(row)}
              role="listitem"
              className="list-item"
              style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
            >
              <Link href={hrefOf(row)} data-row className={`list-row ${layout}`}>
                {render(row)}
              </Link>
            </div>
          );
        })}
      </div>
      {loading && (
        <div className="list-more quiet small" role="status">
          Loading…
        </div>
      )}
    </div>
  );
}

/** The rows that are on the screen, and some below so that scrolling shows no gap; `end` is not one of them. */
function useRowsInView(
  box: { current: HTMLElement | null },
  count: number,
  rowHeight: number,
): { first: number; end: number } {
  const [view, setView] = useState({ first: 0, end: Math.ceil(innerHeight / rowHeight) + OVERSCAN });
  useLayoutEffect(() => {
    const look = () => {
      const top = box.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.floor(-top / rowHeight));
      const end = Math.ceil((innerHeight - top) / rowHeight) + OVERSCAN;
      setView((old) => (old.first === first && old.end === end ? old : { first, end }));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    // What stands above may grow or shrink without a scroll: a chart that has come, a note that has gone.
    const page = new ResizeObserver(look);
    page.observe(document.body);
    return () => {
      page.disconnect();
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [box, rowHeight, count]);
  return { first: Math.min(view.first, Math.max(0, count - 1)), end: Math.max(0, Math.min(view.end, count)) };
}
