import type { LocallyLeased } from '../../../src/deliveries/locally-leased.js';
import { LocalLeases } from '../../../src/dispatcher/scheduler/local-leases.js';

const MB = 1024 * 1024;

/** Only what is looked at here. */
function leased(id: string, bytes = 2): LocallyLeased {
  return { delivery: { id }, lease: 'l', event: { data: 'x'.repeat(bytes) } } as unknown as LocallyLeased;
}

const idsOf = (some: LocallyLeased[]) => some.map(({ delivery }) => delivery.id);

describe('deliveries that were leased locally', () => {
  it('gives each once, whatever came and went before', () => {
    const leases = new LocalLeases();
    for (const id of ['a', 'b', 'c']) leases.add(leased(id), 0);
    expect(leases.remove('b')?.delivery.id).toBe('b');
    leases.add(leased('d'), 0);
    expect(leases.remove('b')).toBeUndefined();
    expect(['d', 'a', 'c', 'a'].map((id) => leases.remove(id)?.delivery.id)).toEqual([
      'd',
      'a',
      'c',
      undefined,
    ]);
  });

  it('gives what has waited too long, the oldest first, and keeps the rest', () => {
    const leases = new LocalLeases();
    for (const [n, id] of ['a', 'b', 'c'].entries()) leases.add(leased(id), n);
    leases.remove('a');
    leases.add(leased('d'), 3);
    expect(idsOf(leases.removeOlderThan(3))).toEqual(['b', 'c']);
    expect(idsOf(leases.removeOlderThan(3))).toEqual([]);
    expect(leases.remove('d')?.delivery.id).toBe('d');
  });

  it('is full by count or by bytes, and no more once some are taken', () => {
    const many = new LocalLeases();
    for (let n = 0; n < 4_096; n += 1) many.add(leased(String(n)), 0);
    expect(many.isFull).toBe(true);
    many.remove('7');
    expect(many.isFull).toBe(false);

    const large = new LocalLeases();
    for (const id of ['a', 'b']) large.add(leased(id, 16 * MB), 0);
    expect(large.isFull).toBe(true);
    large.removeOlderThan(1);
    expect(large.isFull).toBe(false);
  });
});
