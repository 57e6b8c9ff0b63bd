import { newUuid } from '../../src/core/ids.js';
import { IdTable } from '../../src/lib/id-table.js';

const sorted = <V>(entries: Iterable<[string, V]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

/** The same steps on both: `stay` of ten entries stay for long. */
function fill(table: IdTable<number>, plain: Map<string, number>, steps: number, stay: number): void {
  const waiting: string[] = [];
  for (let n = 0; n < steps; n += 1) {
    const id = newUuid(n >> 3);
    table.set(id, n);
    plain.set(id, n);
    if (n % 10 >= stay) waiting.push(id);
    const gone = waiting.length > 50 ? waiting.splice((n * 7) % waiting.length, 1)[0] : undefined;
    if (gone === undefined) continue;
    table.delete(gone);
    plain.delete(gone);
    expect(table.has(gone)).toBe(false);
  }
}

describe('a map through which much passes', () => {
  it.each([0, 1, 5])('holds what a plain map holds, when %d of ten stay', (stay) => {
    const passing = new IdTable<number>();
    const plain = new Map<string, number>();
    fill(passing, plain, 5_000, stay);
    expect(passing.size).toBe(plain.size);
    expect(sorted(passing.entries())).toEqual(sorted(plain));
    for (const [id, value] of plain) expect(passing.get(id)).toBe(value);
  });

  it('finds ids that belong in the same place, whichever of them leaves', () => {
    const alike = Array.from({ length: 6 }, (_, n) => `${n}-same-end`);
    for (const gone of alike) {
      const passing = new IdTable<string>();
      for (const id of alike) passing.set(id, id);
      passing.delete(gone);
      expect(alike.map((id) => passing.get(id))).toEqual(alike.map((id) => (id === gone ? undefined : id)));
    }
  });

  it('has each id once, with its last value', () => {
    const passing = new IdTable<number>();
    passing.set('a', 1);
    passing.set('a', 2);
    passing.delete('b');
    expect(passing.size).toBe(1);
    expect(passing.get('a')).toBe(2);
    expect(passing.get('b')).toBeUndefined();
  });

  it('is as small as at first when it is empty again', () => {
    const passing = new IdTable<number>();
    const ids = Array.from({ length: 3_000 }, () => newUuid(0));
    for (const id of ids) passing.set(id, 1);
    for (const id of ids) passing.delete(id);
    expect(passing.entries()).toEqual([]);
    expect((passing as unknown as { ids: unknown[] }).ids.length).toBe(16);
  });
});
