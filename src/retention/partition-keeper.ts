import { Injectable, Logger } from '@nestjs/common';
import { ArchiverService } from '../archive/archiver.service.js';
import { deleteOldEntries } from '../audit/old-entries.js';
import { publicId } from '../core/ids.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Failures } from '../lib/failures.js';
import { isLockError } from '../database/lock-retry.js';
import { Database } from '../database/database.js';
import { DAY_MS, ensurePartitions, ownsTables } from '../database/partitions.js';
import { deleteExpiredKeys } from '../event-store/event-keys.js';
import { forgetErasedKeys } from '../event-store/erased-keys.js';
import { dropExpiredDays } from './retention.js';
import { purgeSpaces } from './space-purge.js';

const EVERY_MS = 3_600_000;
/** A start waits no longer than this: rows without a partition go into the default one. */
const START_MAX_WAIT_MS = 5_000;
const SOON_MS = 60_000;
const NOT_OWNER_HINT =
  'This role does not own the tables. posthorn migrate makes the partitions of three days; only a ' +
  "process with the owner's role drops old ones.";

/**
 * Keeps daily partitions for three days to come, and for as many past days as retention asks. Runs every hour: the next
 * run makes up for one that fails.
 */
@Injectable()
export class PartitionKeeper {
  private readonly logger = new Logger('database');
  private timer?: NodeJS.Timeout;
  private soon?: NodeJS.Timeout;
  private isStopping = false;
  private isOwner = true;
  private keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly archive: ArchiverService,
  ) {}

  /** Makes what is missing now, and drops what is older than retention allows. */
  async keep(): Promise<void> {
    const failures = new Failures();
    await failures.keep(() => this.ensure(), undefined);
    await failures.keep(() => this.retain(), undefined);
    failures.throwAny();
  }

  async onModuleInit(): Promise<void> {
    this.isOwner = await ownsTables(this.database.sql);
    if (!this.isOwner) this.logger.log({ msg: 'partitions.not_owner', hint: NOT_OWNER_HINT });
    try {
      await this.ensure(START_MAX_WAIT_MS);
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

  private async ensure(maxWaitMs?: number): Promise<void> {
    if (this.isOwner) await ensurePartitions(this.database, this.clock.now(), maxWaitMs);
  }

  /** None of it waits for another part that fails: what one day holds up must not fill the disk with the others. */
  private async retain(): Promise<void> {
    const now = this.clock.now();
    const { database, archive } = this;
    const { sql } = database;
    const { retentionDays, auditRetentionDays } = this.settings;
    const failures = new Failures();
    const drop = () => dropExpiredDays(database, now, retentionDays, archive, failures);
    const days = this.isOwner ? await failures.keep(drop, []) : [];
    const keys = await failures.keep(() => deleteExpiredKeys(sql, now), 0);
    if (days.length > 0) this.logger.log({ msg: 'retention.dropped', days, keys });
    const entries = await failures.keep(() => deleteOldEntries(sql, now, auditRetentionDays), 0);
    if (entries > 0) this.logger.log({ msg: 'retention.audit_deleted', entries });
    await failures.keep(() => forgetErasedKeys(sql, new Date(now - retentionDays * DAY_MS)), undefined);
    const purge = () => purgeSpaces(database, now, retentionDays, () => this.isStopping);
    for (const purged of await failures.keep(purge, []))
      this.logger.log({ msg: 'retention.purged', ...purged, space: publicId('spc', purged.space) });
    failures.throwAny();
  }

  /** What is cut short by a shutdown goes on at the next start. */
  private failed(error: unknown): void {
    if (!this.isStopping) this.logger.warn({ msg: 'partitions.failed', reason: (error as Error).message });
  }
}
