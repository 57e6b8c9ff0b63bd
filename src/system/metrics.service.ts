import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { excuses } from '../deliveries/excuses.js';

/** This application's metrics. A registry of its own, because the global one would be shared by two in a process. */
@Injectable()
export class MetricsService {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.addExcuses();
  }

  /** What this process's worker has put down to itself; alarms look at these. */
  private addExcuses(): void {
    const registers = [this.registry];
    new Gauge({
      name: 'posthorn_network_out',
      help: "1 while most endpoints cannot be reached, so that this worker's own network seems to be out",
      registers,
      collect() {
        this.set(Number(excuses.isNetworkOut));
      },
    });
    new Counter({
      name: 'posthorn_network_outages_total',
      help: "How often this worker's own network seemed to be out",
      registers,
      collect() {
        this.reset();
        this.inc(excuses.outages);
      },
    });
    new Counter({
      name: 'posthorn_attempts_excused_total',
      help: 'Attempts that failed through no fault of the endpoint and count nowhere, by why',
      labelNames: ['reason'],
      registers,
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(excuses.attempts)) this.inc({ reason }, count);
      },
    });
  }
}
