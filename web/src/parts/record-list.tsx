import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { usePaged } from './paged.js';
import { ProblemNote } from './problem-note.js';
import { Skeleton } from './skeleton.js';

interface Props<T> {
  /** The name of the list, for screen readers. */
  label: string;
  of: ReturnType<typeof usePaged<T>>;
  /** Shown when the list is empty. */
  empty: ReactNode;
  /** A `<li>` with a key. */
  line: (row: T) => ReactNode;
}

/** A list of the engine's, each entry with some lines of its own, and all that can come in its place. */
export function RecordList<T>({ label, of, empty, line }: Props<T>) {
  return (
    <>
      {of.error && <ProblemNote error={of.error} retry={of.retry} />}
      {of.isPending && <Skeleton kind="rows" />}
      {of.isEmpty && empty}
      {of.rows.length > 0 && (
        <ul className="records panel" aria-label={label}>
          {of.rows.map(line)}
        </ul>
      )}
      {of.hasMore && (
        <Button variant="default" mt="sm" loading={of.loading} onClick={of.loadMore}>
          Show more
        </Button>
      )}
    </>
  );
}
