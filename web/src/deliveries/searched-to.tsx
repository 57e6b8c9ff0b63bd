import { Button } from '@mantine/core';
import { localTime } from '../text/time.js';
import type { Page } from './feed.js';

interface Props {
  pages: Page[];
  found: number;
  loading: boolean;
  /** Undefined where all was looked at. */
  more: (() => void) | undefined;
}

/** How far a search without an index has looked, and the way to look further. */
export function SearchedTo({ pages, found, loading, more }: Props) {
  const to = pages.at(-1)?.searchedTo ?? null;
  if (to === null || !more) return null;
  return (
    <div className="note" role="status">
      <span>
        {found.toLocaleString()} found among the deliveries back to {localTime(to)}. There are older ones.
      </span>
      <Button variant="default" loading={loading} onClick={more}>
        Look further
      </Button>
    </div>
  );
}
