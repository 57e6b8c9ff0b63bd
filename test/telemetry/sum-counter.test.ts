import { Registry } from 'prom-client';
import { SumCounter } from '../../src/telemetry/sum-counter.js';

describe('a counter that sums up until it is scraped', () => {
  it('shows what was added under each key once, with what was counted directly, at every scrape', async () => {
    const registers = [new Registry()];
    const counter = new SumCounter({ name: 'things_total', help: 'Things', labelNames: ['kind'], registers });
    let asked = 0;
    const labels = (kind: string) => () => {
      asked += 1;
      return { kind };
    };
    counter.inc({ kind: 'a' }, 10);
    for (let n = 0; n < 5; n += 1) counter.add('a', labels('a'));
    counter.add('b', labels('b'), 2);
    const shown = async () =>
      (await counter.get()).values.map(({ labels: { kind }, value }) => `${kind}: ${value}`);
    expect(await shown()).toEqual(['a: 15', 'b: 2']);
    expect(await shown()).toEqual(['a: 15', 'b: 2']);
    counter.add('a', labels('a'));
    expect(await registers[0]?.metrics()).toContain('things_total{kind="a"} 16\n');
    expect(asked).toBe(2);
  });
});
