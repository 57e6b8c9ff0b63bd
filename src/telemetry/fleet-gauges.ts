import { Gauge, type Registry } from 'prom-client';

/** What only the database knows: the same for all processes that share it. */
export interface FleetReadings {
  dueDeliveries: number;
  /** Seconds; 0 when nothing is due. */
  oldestDueAge: number;
  heldDeliveries: number;
  heldExpiringDeliveries: number;
  retryingDeliveries: number;
  endpoints: Record<'active' | 'failing' | 'paused' | 'waiting', number>;
  queueDepth: number;
  workersAlive: number;
  /** Finished days that should be in the archive and are not; 0 without an archive. */
  archivePendingDays: number;
}

/** Null: another process shows them, or nobody can. */
export type FleetSource = () => Promise<FleetReadings | null>;

type Plain = Exclude<keyof FleetReadings, 'endpoints'>;

const PLAIN: Record<Plain, [name: string, help: string]> = {
  dueDeliveries: [
    'due_deliveries',
    'Deliveries that are due and that no worker has leased; counted up to 100,000',
  ],
  oldestDueAge: ['oldest_due_age_seconds', 'For how long the oldest due delivery has been due'],
  heldDeliveries: ['held_deliveries', 'Deliveries held for paused subscriptions; up to 100,000'],
  heldExpiringDeliveries: [
    'held_expiring_deliveries',
    'Held deliveries that will expire by their age within a day; up to 10,000 of each subscription.',
  ],
  retryingDeliveries: [
    'retrying_deliveries',
    'Deliveries whose next attempt is planned for later; up to 100,000',
  ],
  queueDepth: ['queue_depth', 'Jobs waiting or delayed in the queues'],
  archivePendingDays: ['archive_backlog', 'Finished days that are due for the archive and not in it'],
  workersAlive: ['workers_alive', 'Workers with a heartbeat within the last five seconds, or that rest'],
};

/** The gauges of the whole fleet. They have no sample in a process that does not show them. */
export class FleetGauges {
  private source: FleetSource | null = null;

  constructor(registry: Registry) {
    const registers = [registry];
    for (const [key, [name, help]] of Object.entries(PLAIN)) {
      const gauge: Gauge = new Gauge({
        name: `posthorn_${name}`,
        help,
        registers,
        collect: async () => {
          const readings = await this.read();
          if (readings) gauge.set(readings[key as Plain]);
          else gauge.remove();
        },
      });
    }
    const endpoints: Gauge<'state'> = new Gauge({
      name: 'posthorn_endpoints',
      help:
        'Subscriptions: active, active with failures, paused, or active and waiting as the endpoint asked ' +
        '(Retry-After)',
      labelNames: ['state'],
      registers,
      collect: async () => {
        endpoints.reset();
        const readings = await this.read();
        for (const [state, count] of Object.entries(readings?.endpoints ?? {}))
          endpoints.set({ state }, count);
      },
    });
  }

  /** The first source is kept: in a process with several containers each has one, and they would give the same. */
  from(source: FleetSource): void {
    this.source ??= source;
  }

  private read(): Promise<FleetReadings | null> {
    return this.source?.() ?? Promise.resolve(null);
  }
}
