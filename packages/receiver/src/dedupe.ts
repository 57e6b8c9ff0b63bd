/** What a store says of an id: it is new, it was processed, or it is being processed. */
export type Reservation = 'new' | 'done' | 'busy';

/** Remembers which events were processed. Share one between the processes that receive for one endpoint. */
export interface DedupeStore {
  /** Reserves the id for `leaseMs` if it is new, or if an earlier lease on it has ended. Must be atomic. */
  reserve: (id: string, leaseMs: number) => Reservation | Promise<Reservation>;
  /** The event was processed: remember it for `keepMs`. */
  done: (id: string, keepMs: number) => unknown;
  /** Processing failed: the next repetition may try again. */
  release: (id: string) => unknown;
}

interface Entry {
  state: 'busy' | 'done';
  until: number;
}

/** In this process's memory, for one process. Past `max` ids (10,000 unless given) it forgets the oldest. */
export function memoryStore({
  max = 10_000,
  now = Date.now,
}: { max?: number; now?: () => number } = {}): DedupeStore {
  const entries = new Map<string, Entry>();
  const put = (id: string, entry: Entry) => {
    // Behind the others: a Map keeps the order in which entries came.
    entries.delete(id);
    entries.set(id, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= max) break;
      entries.delete(oldest);
    }
  };
  return {
    reserve: (id, leaseMs) => {
      const entry = entries.get(id);
      if (entry && entry.until > now()) return entry.state;
      put(id, { state: 'busy', until: now() + leaseMs });
      return 'new';
    },
    done: (id, keepMs) => put(id, { state: 'done', until: now() + keepMs }),
    release: (id) => entries.delete(id),
  };
}
