import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../core/clock.js';
import { Database } from './database.js';
import { ensurePartitions } from './partitions.js';
import { dropExpiredDays, dropExpiredKeys } from './retention.js';

const EVERY_MS = 3_600_000;

/** Keeps the daily partitions ahead of the clock and as many behind it as retention asks for. A run that fails has three days to be made up for. */
@Injectable()
export class PartitionKeeper {
  private readonly logger = new Logger('database');
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Makes what is missing now, and drops what is older than retention allows. */
  async keep(): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction((sql) => ensurePartitions(sql, now));
    const days = await dropExpiredDays(this.database, now, this.settings.retentionDays);
    const keys = await dropExpiredKeys(this.database, now);
    if (days.length > 0) this.logger.log({ msg: 'retention.dropped', days, keys });
  }

  async onModuleInit(): Promise<void> {
    await this.keep();
    this.timer = setInterval(() => {
      this.keep().catch((error: unknown) =>
        this.logger.warn({ msg: 'partitions.failed', reason: (error as Error).message }),
      );
    }, EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
