import { useWindowVirtualizer } from '@tanstack/react-virtual';
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

/** Millions of rows of one height, of which only those in view exist. The page itself scrolls. */
export function VirtualList<T>(props: Props<T>) {
  const { label, rows, keyOf, hrefOf, render, layout, heads, rowHeight, loadMore, loading, onView } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const place = () => setTop((box.current?.getBoundingClientRect().top ?? 0) + scrollY);
    place();
    addEventListener('resize', place);
    return () => removeEventListener('resize', place);
  }, []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const first = virtual.range?.startIndex ?? 0;
  useEffect(() => {
    if (loadMore && last >= rows.length - 25) loadMore();
  }, [last, rows.length, loadMore]);
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
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={keyOf(row)}
              role="listitem"
              className="list-item"
              style={{ height: rowHeight, transform: `translateY(${start - top}px)` }}
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
