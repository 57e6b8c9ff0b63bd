import './skeleton.css';

interface Props {
  /** What will be there: rows of a list, panels of a page, figures and a chart, or one block. */
  kind: 'rows' | 'panels' | 'overview' | 'block';
  label?: string;
}

const BLOCKS = { rows: 8, panels: 3, overview: 3, block: 1 };

/** The shape of what is on its way, so that nothing jumps when it comes. */
export function Skeleton({ kind, label = 'Loading' }: Props) {
  return (
    <div className={`loading skeleton skeleton-${kind}`} role="status">
      <span className="only-read-aloud">{label}</span>
      {Array.from({ length: BLOCKS[kind] }, (_, index) => (
        <i key={index} aria-hidden="true" />
      ))}
    </div>
  );
}
