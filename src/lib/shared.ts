/** What several users with one key have together: made for the first, closed after the last. */
export class Shared<Key extends object, T> {
  private readonly known = new WeakMap<Key, { value: T; users: number }>();

  constructor(private readonly close: (value: T) => Promise<void>) {}

  acquire(key: Key, make: () => T): T {
    const one = this.known.get(key) ?? { value: make(), users: 0 };
    one.users += 1;
    this.known.set(key, one);
    return one.value;
  }

  /** Once for each `acquire`. Closes it when nobody uses it any more. */
  async release(key: Key): Promise<void> {
    const one = this.known.get(key);
    if (!one) return;
    one.users -= 1;
    if (one.users > 0) return;
    this.known.delete(key);
    await this.close(one.value);
  }
}
