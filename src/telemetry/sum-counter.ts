import { Counter, type CounterConfiguration, type LabelValues } from 'prom-client';

interface Sum<Label extends string> {
  labels: LabelValues<Label>;
  pending: number;
}

/**
 * A counter that sums up by itself what is counted often, until it is scraped: prom-client checks and sorts the labels
 * of each increment, which costs more than all else of counting (ADR 9).
 */
export class SumCounter<Label extends string> extends Counter<Label> {
  private readonly sums = new Map<string, Sum<Label>>();

  constructor(configuration: Omit<CounterConfiguration<Label>, 'collect'>) {
    super({
      ...configuration,
      collect() {
        (this as SumCounter<Label>).settle();
      },
    });
  }

  /** Adds `by` to the sample of `key`, whose labels are asked for the first time only. The keys must be few. */
  add(key: string, labels: () => LabelValues<Label>, by = 1): void {
    const known = this.sums.get(key);
    if (known) known.pending += by;
    else this.sums.set(key, { labels: labels(), pending: by });
  }

  private settle(): void {
    for (const sum of this.sums.values()) {
      if (sum.pending > 0) this.inc(sum.labels, sum.pending);
      sum.pending = 0;
    }
  }
}
