import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { isLockError } from './lock-retry.js';
import { Database } from './database.js';
import { ensurePartitions } from './partitions.js';
import { dropExpiredDays, dropExpiredKeys } from './retention.js';

const EVERY_MS = 3_600_000;
/** A start does not wait for longer: what has no partition goes into the default one. */
const START_MAX_WAIT_MS = 5_000;
const SOON_MS = 60_000;

/** Keeps the daily partitions ahead of the clock and as many behind it as retention asks for. A run that fails has three days to be made up for. */
@Injectable()
export class PartitionKeeper {
  private readonly logger = new Logger('database');
  private timer?: NodeJS.Timeout;
  private soon?: NodeJS.Timeout;
  private isStopping = false;
  private keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Makes what is missing now, and drops what is older than retention allows. */
  async keep(): Promise<void> {
    await ensurePartitions(this.database, this.clock.now());
    await this.retain();
  }

  async onModuleInit(): Promise<void> {
    try {
      await ensurePartitions(this.database, this.clock.now(), START_MAX_WAIT_MS);
    } catch (error) {
      if (!isLockError(error)) throw error;
      // Somebody reads for long, such as a dump.
      this.failed(error);
      this.soon = setTimeout(() => this.keepQuietly(), SOON_MS).unref();
    }
    // Not waited for: moving what is open out of an old day may take minutes.
    this.keeping = this.retain().catch((error: unknown) => this.failed(error));
    this.timer = setInterval(() => this.keepQuietly(), EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    clearInterval(this.timer);
    clearTimeout(this.soon);
  }

  private keepQuietly(): void {
    this.keeping = this.keeping.then(() => this.keep()).catch((error: unknown) => this.failed(error));
  }

  private async retain(): Promise<void> {
    const now = this.clock.now();
    const days = await dropExpiredDays(this.database, now, this.settings.retentionDays);
    const keys = await dropExpiredKeys(this.database, now);
    if (days.length > 0) this.logger.log({ msg: 'retention.dropped', days, keys });
  }

  /** What is cut short by a shutdown goes on at the next start. */
  private failed(error: unknown): void {
    if (!this.isStopping) this.logger.warn({ msg: 'partitions.failed', reason: (error as Error).message });
  }
}
