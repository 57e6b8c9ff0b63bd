/** What a scrape showed: `name{label="value"}` → number, labels in the order they are exposed. */
export class Scrape {
  private readonly samples = new Map<string, number>();
  /** Names of all metrics, also of those without a sample. */
  readonly names: ReadonlySet<string>;

  constructor(readonly text: string) {
    for (const line of text.split('\n')) {
      const [, sample, value] = /^([a-z_]+(?:\{.*?\})?) ([^ ]+)/.exec(line) ?? [];
      if (sample !== undefined) this.samples.set(sample, Number(value));
    }
    this.names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string));
  }

  static async of(url: string, accept?: string): Promise<Scrape> {
    const response = await fetch(`${url}/metrics`, { headers: { ...(accept !== undefined && { accept }) } });
    if (response.status !== 200) throw new Error(`${url}/metrics answered ${response.status}`);
    return new Scrape(await response.text());
  }

  /** Undefined when there is no such sample. `posthorn_` is put before the name. */
  value(sample: string): number | undefined {
    return this.samples.get(`posthorn_${sample}`);
  }

  /** How much a sample has grown since. */
  since(before: Scrape, sample: string): number {
    return (this.value(sample) ?? 0) - (before.value(sample) ?? 0);
  }

  /** The sum of all samples of this name, whatever their labels. */
  sum(name: string): number {
    let sum = 0;
    for (const [sample, value] of this.samples)
      if (sample === `posthorn_${name}` || sample.startsWith(`posthorn_${name}{`)) sum += value;
    return sum;
  }
}
