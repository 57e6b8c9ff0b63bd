import { Histogram } from '../../src/lib/histogram.js';

describe('a histogram of milliseconds', () => {
  it('tells percentiles to within a fifth', () => {
    const histogram = new Histogram();
    for (let ms = 1; ms <= 1_000; ms += 1) histogram.add(ms);
    for (const [share, exact] of [
      [0.5, 500],
      [0.95, 950],
      [0.99, 990],
    ] as const) {
      const estimate = histogram.percentile(share) ?? 0;
      expect(estimate / exact).toBeGreaterThan(0.8);
      expect(estimate / exact).toBeLessThan(1.2);
    }
  });

  it('takes anything from nothing to months, and has no percentile when it is empty', () => {
    const histogram = new Histogram();
    expect(histogram.percentile(0.5)).toBeNull();
    histogram.add(0);
    histogram.add(-5);
    expect(histogram.percentile(0.99)).toBe(1);
    histogram.add(1e12);
    expect(histogram.percentile(0.99)).toBe(2 ** 30);
  });

  it('sums', () => {
    const one = new Histogram();
    const other = new Histogram();
    one.add(10);
    other.add(1_000);
    one.merge(other.counts);
    expect(one.percentile(0.5)).toBeLessThan(15);
    expect(one.percentile(1)).toBeGreaterThan(800);
  });
});
