import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { poolOf } from '../database/pool-of.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';

/** Pools that are shown: the API and the worker of a process have the same one. */
const shown = new WeakSet<object>();

/** Shows this process's database pool. */
@Injectable()
export class PoolMetrics implements OnApplicationShutdown {
  private readonly ends: (() => void)[] = [];

  constructor({ gauges }: ProcessMetrics, database: Database) {
    const pool = poolOf(database.source);
    if (shown.has(pool)) return;
    shown.add(pool);
    this.ends = [
      gauges.poolTotal.add(() => pool.totalCount),
      gauges.poolIdle.add(() => pool.idleCount),
      gauges.poolWaiting.add(() => pool.waitingCount),
    ];
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
  }
}
