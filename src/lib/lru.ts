/** A map that forgets what was used longest ago once the weights of its entries sum up to more than `capacity`. */
export class Lru<Value> {
  private readonly entries = new Map<string, { value: Value; weight: number }>();
  private total = 0;
  private youngest: string | null = null;

  constructor(private readonly capacity: number) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (key === this.youngest) return entry.value;
    // A Map iterates in the order of insertion: inserting again makes the key the youngest.
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.youngest = key;
    return entry.value;
  }

  set(key: string, value: Value, weight = 1): void {
    this.delete(key);
    this.entries.set(key, { value, weight });
    this.youngest = key;
    this.total += weight;
    for (const oldest of this.entries.keys()) {
      if (this.total <= this.capacity || oldest === key) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.total -= entry.weight;
  }
}
