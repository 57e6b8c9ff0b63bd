import { LRUCache } from 'lru-cache';

const one = (): number => 1;

interface LruOptions<V> {
  /** How long an entry is kept, milliseconds; else until others push it out. */
  ttl?: number;
  /** Called with what is no longer kept. */
  dispose?: (value: V) => void;
  /** What an entry counts of `max`, at least 1; else 1. One that is larger than `max` is not kept. */
  sizeOf?: (value: V) => number;
}

/**
 * The `max` entries that were used last. It takes memory as it fills: given `max`, lru-cache takes it for all entries
 * at once, which for all caches of a process was 7 MB, and 50 ms of its start.
 */
export class Lru<V extends object | string | number | boolean> extends LRUCache<string, V> {
  constructor(max: number, { ttl, dispose, sizeOf = one }: LruOptions<V> = {}) {
    super({
      maxSize: max,
      sizeCalculation: sizeOf,
      ...(ttl !== undefined && { ttl }),
      ...(dispose && { dispose }),
    });
  }
}
