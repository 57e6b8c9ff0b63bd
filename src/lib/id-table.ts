/** Slots of an empty table, a power of two. */
const MIN_CAPACITY = 16;
/** Digits at the end of an id that differ between ids of the same millisecond. */
const RANDOM_DIGITS = 8;

/**
 * A map by id for entries that come and go many thousand times a second. `Map` allocates a new table each time the
 * old one is full of deleted entries, and V8 keeps these old tables until a full collection: 20 MB more in a busy
 * process. This table (open addressing with linear probing) is reused.
 */
export class IdTable<V> {
  private ids: (string | null)[] = emptySlots(MIN_CAPACITY);
  private values: (V | null)[] = emptySlots(MIN_CAPACITY);
  private count = 0;

  get size(): number {
    return this.count;
  }

  has(id: string): boolean {
    return this.ids[this.slotFor(id)] !== null;
  }

  get(id: string): V | undefined {
    return this.values[this.slotFor(id)] ?? undefined;
  }

  set(id: string, value: V): void {
    const at = this.slotFor(id);
    const isNew = this.ids[at] === null;
    this.ids[at] = id;
    this.values[at] = value;
    if (!isNew) return;
    this.count += 1;
    if (this.count > this.ids.length / 2) this.resize(this.ids.length * 2);
  }

  delete(id: string): void {
    const mask = this.ids.length - 1;
    let hole = this.slotFor(id);
    if (this.ids[hole] === null) return;
    this.count -= 1;
    // Moves up entries that were placed further on because this slot was taken.
    for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
      const next = this.ids[at] as string | null;
      if (next === null) break;
      if (((at - hashOf(next)) & mask) < ((at - hole) & mask)) continue;
      this.ids[hole] = next;
      this.values[hole] = this.values[at] as V;
      hole = at;
    }
    this.ids[hole] = null;
    this.values[hole] = null;
    if (this.count === 0 && this.ids.length > MIN_CAPACITY) this.resize(MIN_CAPACITY);
  }

  /** All ids with their values, in no particular order. */
  entries(): [string, V][] {
    return this.ids.flatMap((id, at): [string, V][] => (id === null ? [] : [[id, this.values[at] as V]]));
  }

  /** The slot of an id, or the free slot where it belongs. */
  private slotFor(id: string): number {
    const mask = this.ids.length - 1;
    let at = hashOf(id) & mask;
    while (this.ids[at] !== null && this.ids[at] !== id) at = (at + 1) & mask;
    return at;
  }

  private resize(capacity: number): void {
    const all = this.entries();
    this.ids = emptySlots(capacity);
    this.values = emptySlots(capacity);
    for (const [id, value] of all) {
      const at = this.slotFor(id);
      this.ids[at] = id;
      this.values[at] = value;
    }
  }
}

function emptySlots(capacity: number): null[] {
  return new Array<null>(capacity).fill(null);
}

/** FNV-1a, 32 bits. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = Math.max(0, id.length - RANDOM_DIGITS); at < id.length; at += 1)
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return hash;
}
