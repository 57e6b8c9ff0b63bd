import { Gauge, type Registry } from 'prom-client';

/** Gives a number of this moment. */
type Reading = () => number;

/** A gauge that asks when it is scraped, and shows the sum of all readings: a process may have several pools. */
export interface SumGauge {
  /** Gives a function that ends it. */
  add(reading: Reading): () => void;
}

class Sum implements SumGauge {
  private readonly readings = new Set<Reading>();

  constructor(
    private readonly gauge: Gauge,
    private readonly labels: Record<string, string> = {},
  ) {}

  add(reading: Reading): () => void {
    this.readings.add(reading);
    return () => this.readings.delete(reading);
  }

  collect(): void {
    let sum = 0;
    for (const reading of this.readings) sum += reading();
    this.gauge.set(this.labels, sum);
  }
}

/** What holds in this process when it is scraped. */
export type ProcessGauges = Record<
  'attemptsInFlight' | 'idsWaiting' | 'poolTotal' | 'poolIdle' | 'poolWaiting' | 'networkOut',
  SumGauge
>;

/** All gauges of the process. They ask nobody but its memory. */
export function createGauges(registry: Registry): ProcessGauges {
  const sums = (name: string, help: string, label: string | null, values: string[]): Sum[] => {
    const all: Sum[] = [];
    const gauge = new Gauge({
      name: `posthorn_${name}`,
      help,
      labelNames: label === null ? [] : [label],
      registers: [registry],
      collect: () => all.forEach((sum) => sum.collect()),
    });
    for (const value of values) all.push(new Sum(gauge, label === null ? {} : { [label]: value }));
    return all;
  };
  const sum = (name: string, help: string) => sums(name, help, null, ['']) as [Sum];
  const [attemptsInFlight] = sum('attempts_in_flight', 'Attempts that were started and are not yet recorded');
  const [idsWaiting] = sum('ids_waiting', "Ids of deliveries in this worker's endpoint queues");
  const [poolTotal, poolIdle] = sums(
    'database_pool_connections',
    "Connections of this process's database pools",
    'state',
    ['total', 'idle'],
  ) as [Sum, Sum];
  const [poolWaiting] = sum('database_pool_waiting', 'Callers in this process that wait for a connection');
  const [networkOut] = sum(
    'network_out',
    "1 while most endpoints cannot be reached, so that this worker's own network seems to be down",
  );
  return { attemptsInFlight, idsWaiting, poolTotal, poolIdle, poolWaiting, networkOut };
}
