import type { Handed } from '../../src/deliveries/handoff.js';
import { HandedOver } from '../../src/dispatcher/handed-over.js';

const MB = 1024 * 1024;

/** Only what is looked at here. */
function handed(id: string, bytes = 2): Handed {
  return { delivery: { id }, lease: 'l', event: { data: 'x'.repeat(bytes) } } as unknown as Handed;
}

const idsOf = (some: Handed[]) => some.map(({ delivery }) => delivery.id);

describe('deliveries that were handed over', () => {
  it('gives each once, whatever came and went before', () => {
    const over = new HandedOver();
    for (const id of ['a', 'b', 'c']) over.add(handed(id), 0);
    expect(over.take('b')?.delivery.id).toBe('b');
    over.add(handed('d'), 0);
    expect(over.take('b')).toBeUndefined();
    expect(['d', 'a', 'c', 'a'].map((id) => over.take(id)?.delivery.id)).toEqual(['d', 'a', 'c', undefined]);
  });

  it('gives what has waited too long, the oldest first, and keeps the rest', () => {
    const over = new HandedOver();
    for (const [n, id] of ['a', 'b', 'c'].entries()) over.add(handed(id), n);
    over.take('a');
    over.add(handed('d'), 3);
    expect(idsOf(over.takeOlderThan(3))).toEqual(['b', 'c']);
    expect(idsOf(over.takeOlderThan(3))).toEqual([]);
    expect(over.take('d')?.delivery.id).toBe('d');
  });

  it('is full by count or by bytes, and no more once some are taken', () => {
    const many = new HandedOver();
    for (let n = 0; n < 4_096; n += 1) many.add(handed(String(n)), 0);
    expect(many.isFull).toBe(true);
    many.take('7');
    expect(many.isFull).toBe(false);

    const large = new HandedOver();
    for (const id of ['a', 'b']) large.add(handed(id, 16 * MB), 0);
    expect(large.isFull).toBe(true);
    large.takeOlderThan(1);
    expect(large.isFull).toBe(false);
  });
});
