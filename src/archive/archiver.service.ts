import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { FleetLease } from '../database/fleet-lease.js';
import { DAY_MS } from '../database/partitions.js';
import { Clock } from '../lib/clock.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { lastDueDay } from './archive-state.js';
import { nextDay, recordFailure } from './archive-log.js';
import { ArchiveBucket } from './archive-bucket.js';
import { archiveDay, type PassResult } from './day-archive.js';

const EVERY_MS = 60_000;
/** A day that retention may not drop is told as an error from then on. */
const LOUD_AFTER_DAYS = 3;

/** Another process archives, or this one stops: no failure. */
class NotNow extends Error {}

type Outcome = 'archived' | 'failed' | 'not_now';

/**
 * Writes finished days to S3-compatible storage, in one process at a time, and tells retention which may be dropped.
 */
@Injectable()
export class ArchiverService {
  private readonly logger = new Logger('archive');
  private readonly lease = new FleetLease('archive');
  private readonly bucket: ArchiveBucket | null;
  private timer?: NodeJS.Timeout;
  private isStopping = false;
  /** A process does one day at a time, too. */
  private working: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly metrics: ProcessMetrics,
  ) {
    this.bucket = bucketOf(settings);
  }

  get isOn(): boolean {
    return this.bucket !== null;
  }

  onApplicationBootstrap(): void {
    if (!this.bucket) return;
    this.timer = setInterval(() => void this.archiveDue(), EVERY_MS).unref();
    void this.archiveDue();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.working.catch(() => undefined);
  }

  /** Archives every day that ended long enough ago. Never rejects. */
  archiveDue(): Promise<void> {
    return this.inTurn(async () => {
      const until = lastDueDay(this.clock.now(), this.settings.archiveAfterDays);
      for (;;) {
        const day = await nextDay(this.database.sql, until, this.clock.date());
        if (day === null || (await this.archive(day)) !== 'archived') return;
      }
    }).catch((error: unknown) => {
      this.logger.warn({ msg: 'archive.failed', reason: (error as Error).message });
    });
  }

  /**
   * Whether retention may drop a day: what changed since it was archived is archived now. `day`: `2031-05-10`. With
   * POSTHORN_ARCHIVE_REQUIRED=false also when that fails; not while another process archives, perhaps this very day.
   */
  async mayDrop(day: string): Promise<boolean> {
    if (!this.bucket) return true;
    const outcome = await this.inTurn(() => this.archive(day)).catch((): Outcome => 'failed');
    if (outcome === 'archived' || this.isStopping) return outcome === 'archived';
    const waits = this.settings.archiveRequired || outcome === 'not_now';
    const overdue =
      (this.clock.now() - Date.parse(`${day}T00:00:00Z`)) / DAY_MS - 1 - this.settings.retentionDays;
    const fields = { msg: 'archive.retention_waits', day, overdue_days: Math.floor(overdue) };
    if (!waits) this.logger.warn({ ...fields, msg: 'archive.dropped_without' });
    else if (overdue >= LOUD_AFTER_DAYS) this.logger.error(fields);
    else this.logger.warn(fields);
    return !waits;
  }

  private count({ rows, bytes }: PassResult): void {
    const { archivePasses, archivedRows, archivedBytes } = this.metrics.counters;
    archivePasses.inc({ outcome: 'succeeded' });
    archivedRows.inc(rows);
    archivedBytes.inc(bytes);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.working.then(work);
    this.working = done.catch(() => undefined);
    return done;
  }

  private async archive(day: string): Promise<Outcome> {
    const { database, bucket } = this;
    if (!bucket) return 'not_now';
    const confirm = async () => {
      if (this.isStopping || !(await this.lease.hold(database.sql))) throw new NotNow();
    };
    try {
      await confirm();
      const result = await archiveDay({ database, bucket, confirm }, day, this.clock.date());
      this.logger.log({ msg: 'archive.day', day, ...result });
      this.count(result);
      return 'archived';
    } catch (error) {
      if (error instanceof NotNow) return 'not_now';
      this.logger.warn({ msg: 'archive.failed', day, reason: (error as Error).message });
      this.metrics.counters.archivePasses.inc({ outcome: 'failed' });
      await recordFailure(database.sql, day, this.clock.date()).catch(() => undefined);
      return 'failed';
    } finally {
      await this.lease.leave(database.sql).catch(() => undefined);
    }
  }
}

function bucketOf(settings: Settings): ArchiveBucket | null {
  if (settings.archiveUrl === '') return null;
  return new ArchiveBucket({
    url: settings.archiveUrl,
    endpoint: settings.archiveEndpoint,
    region: settings.archiveRegion,
    pathStyle: settings.archivePathStyle,
    accessKeyId: settings.awsAccessKeyId,
    secretAccessKey: settings.awsSecretAccessKey,
    sessionToken: settings.awsSessionToken,
  });
}
