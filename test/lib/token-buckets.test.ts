import { TokenBuckets } from '../../src/lib/token-buckets.js';

it('holds to the rate in the long run, whatever is spent at a time', () => {
  for (const amount of [1, 7, 100, 1_000]) {
    const budget = new TokenBuckets();
    let spent = 0;
    for (let now = 0; now < 100_000; now += 10) {
      if (budget.consume('a', amount, 50, now) === 0) spent += amount;
    }
    expect(spent).toBeGreaterThanOrEqual(5_000);
    expect(spent).toBeLessThanOrEqual(5_050 + amount);
  }
});

it('says when the next may be spent, and spends for each name by itself', () => {
  const budget = new TokenBuckets();
  expect(budget.consume('a', 30, 10, 0)).toBe(0);
  const wait = budget.consume('a', 1, 10, 0);
  expect(wait).toBe(2_100);
  expect(budget.consume('a', 1, 10, wait - 101)).toBeGreaterThan(0);
  expect(budget.consume('a', 1, 10, wait)).toBe(0);
  expect(budget.consume('b', 1, 10, 0)).toBe(0);
});
