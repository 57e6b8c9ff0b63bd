import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { Database } from './database.js';
import { ensurePartitions } from './partitions.js';

const EVERY_MS = 3_600_000;

/** Keeps the daily partitions ahead of the clock. A run that fails has three days to be made up for. */
@Injectable()
export class PartitionKeeper {
  private readonly logger = new Logger('database');
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Makes what is missing now. */
  async keep(): Promise<void> {
    await this.database.transaction((sql) => ensurePartitions(sql, this.clock.now()));
  }

  async onModuleInit(): Promise<void> {
    await this.keep();
    this.timer = setInterval(() => {
      this.keep().catch((error: unknown) =>
        this.logger.warn({ event: 'partitions.failed', reason: (error as Error).message }),
      );
    }, EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
