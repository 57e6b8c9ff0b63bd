import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { version } from '../config/version.js';
import { Database } from '../database/database.js';
import { poolOf } from '../database/pool-of.js';
import { Clock } from '../lib/clock.js';
import type { KnownProcess } from './process-registry.js';
import { ProcessReporter } from './process-reporter.js';
import type { SystemProcess, SystemSelf } from './system.dto.js';

/** Two reports are missing. */
const SILENT_MS = 25_000;

/** Processes as the API shows them. */
@Injectable()
export class ProcessView {
  constructor(
    private readonly reporter: ProcessReporter,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** What this process knows of itself, whatever else is away. */
  self(): SystemSelf {
    const pool = poolOf(this.database.source);
    return {
      id: this.reporter.id,
      role: this.reporter.role as SystemSelf['role'],
      version,
      host: hostname(),
      pid: process.pid,
      startedAt: new Date(this.clock.now() - process.uptime() * 1_000).toISOString(),
      node: process.version,
      memoryBytes: process.memoryUsage.rss(),
      pool: {
        open: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
        max: pool.options.max,
      },
    };
  }

  all(processes: KnownProcess[]): SystemProcess[] {
    return processes.map(({ startedAt, seenAt, silentMs, isDead, role, ...process }) => ({
      ...process,
      role: role as SystemProcess['role'],
      startedAt: startedAt.toISOString(),
      seenAt: seenAt.toISOString(),
      state: isDead ? 'ended' : silentMs > SILENT_MS ? 'silent' : 'alive',
      isThis: process.id === this.reporter.id,
    }));
  }
}
