import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { changedSettings } from '../config/changed-settings.js';
import { Settings } from '../config/settings.js';
import { migrationNames } from '../database/data-source.js';
import { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { soonestCertificates, type ExpiringCertificate } from '../endpoints/certificates.js';
import { publicId } from '../core/ids.js';
import { countJobs } from '../jobs/count-jobs.js';
import { Clock } from '../lib/clock.js';
import { countFleetDeliveries } from './fleet-counts.js';
import { readFacts, readTables, type DatabaseFacts, type TableFacts } from './database-facts.js';
import { countUnreportedWorkers, listProcesses, type KnownProcess } from './process-registry.js';
import { ProcessView } from './process-view.js';
import { QueueView } from './queue-view.js';
import type {
  AwayReason,
  SystemCertificates,
  SystemDatabase,
  SystemDeliveries,
  SystemJobs,
  SystemRetention,
  SystemState,
} from './system.dto.js';
import { warningsOf } from './warnings.js';

const FRESH_MS = 5_000;
const PATIENCE_MS = 3_000;
const DAY_MS = 86_400_000;
const MOST_EXPIRING = 20;

/** The server ends a statement that nobody waits for any more. */
const LIMIT = {
  name: 'system_limit',
  text: `SELECT set_config('statement_timeout', '${PATIENCE_MS}', true)`,
};

/** What was read, or why it was not. */
type Read<T> = { value: T } | { reason: AwayReason };

interface Fleet {
  facts: DatabaseFacts;
  processes: KnownProcess[];
  unreported: number;
  jobs: SystemJobs;
}

/**
 * Reads the state of the whole system: at most every five seconds, and each part for at most three. A part that gives
 * no answer leaves its place empty.
 */
@Injectable()
export class SystemStateService {
  private readonly logger = new Logger('system');
  private readAt = -Infinity;
  private reading: Promise<SystemState> | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly processes: ProcessView,
    private readonly queue: QueueView,
  ) {}

  read(): Promise<SystemState> {
    if (this.reading === null || performance.now() - this.readAt >= FRESH_MS) {
      this.readAt = performance.now();
      this.reading = this.readNow();
    }
    return this.reading;
  }

  private async readNow(): Promise<SystemState> {
    const now = this.clock.now();
    const [fleet, tables, deliveries, certificates, queue] = await Promise.all([
      this.part('fleet', (sql) => readFleet(sql, now)),
      this.part('tables', readTables),
      this.part('deliveries', (sql) => countFleetDeliveries(sql, this.clock.date())),
      this.part('certificates', (sql) => soonestCertificates(sql, new Date(now), MOST_EXPIRING)),
      this.queue.read(),
    ]);
    const known = 'value' in fleet ? fleet.value : null;
    const parts = 'value' in tables ? tables.value : null;
    const state = {
      readAt: new Date(now).toISOString(),
      self: this.processes.self(),
      processes: known && this.processes.all(known.processes),
      queue,
      deliveries: 'value' in deliveries ? deliveriesOf(deliveries.value, now) : null,
      database: databaseOf(fleet, parts),
      retention: retentionOf(parts, this.settings.retentionDays),
      jobs: known && known.jobs,
      operationalSpace: this.settings.operationalSpace || null,
      certificates: 'value' in certificates ? certificatesOf(certificates.value) : null,
      settings: changedSettings(this.settings),
    };
    const warnings = warningsOf(state, known?.unreported ?? 0);
    const status = state.database.state !== 'ok' ? 'unavailable' : warnings.length > 0 ? 'warning' : 'ok';
    return { ...state, status, warnings };
  }

  /** One transaction, whose statements the server limits: a pooler keeps no setting of a session. */
  private async part<T>(name: string, work: (sql: Sql) => Promise<T>): Promise<Read<T>> {
    const reading = this.database.transaction(async (sql) => {
      await sql(LIMIT);
      return { value: await work(sql) };
    }, PATIENCE_MS);
    try {
      return await Promise.race([
        reading,
        sleep(PATIENCE_MS, { reason: 'timeout' as const }, { ref: false }),
      ]);
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      this.logger.warn({ msg: 'system.part_failed', part: name, error: message });
      if (code === '57014') return { reason: 'timeout' };
      return { reason: code && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57)/.test(code) ? 'failed' : 'away' };
    } finally {
      // Nobody waits for a part that came too late.
      reading.catch(() => undefined);
    }
  }
}

/** The process's table may be missing on an older schema, and is read last. */
async function readFleet(sql: Sql, now: number): Promise<Fleet> {
  const facts = await readFacts(sql);
  const jobs = await countJobs(sql, now - DAY_MS);
  return {
    facts,
    jobs,
    processes: await listProcesses(sql),
    unreported: await countUnreportedWorkers(sql),
  };
}

function deliveriesOf(
  { oldestAge, ...counts }: Awaited<ReturnType<typeof countFleetDeliveries>>,
  now: number,
): SystemDeliveries {
  const oldestDueSeconds = oldestAge === null ? null : Math.max(0, oldestAge);
  const oldestDueAt =
    oldestDueSeconds === null ? null : new Date(now - oldestDueSeconds * 1_000).toISOString();
  return { ...counts, oldestDueSeconds, oldestDueAt };
}

function certificatesOf(rows: ExpiringCertificate[]): SystemCertificates {
  return {
    count: rows[0]?.total ?? 0,
    soonest: rows.map(({ subscriptionId, url, spaceId, spaceName, validTo }) => ({
      ...{ subscriptionId: publicId('sub', subscriptionId), url, space: publicId('spc', spaceId), spaceName },
      validTo: validTo.toISOString(),
    })),
  };
}

function databaseOf(fleet: Read<Fleet>, tables: TableFacts[] | null): SystemDatabase {
  if ('reason' in fleet)
    return {
      ...{ state: fleet.reason, version: null, sizeBytes: null, connections: null },
      ...{ isReadOnly: null, isStandby: null, replicas: null, migrations: null, tables },
    };
  const { migrations, ...facts } = fleet.value.facts;
  const expected = migrationNames();
  return {
    state: 'ok',
    ...facts,
    migrations: {
      applied: migrations.length,
      expected: expected.length,
      missing: expected.filter((name) => !migrations.includes(name)),
      unknown: migrations.filter((name) => !expected.includes(name)),
    },
    tables,
  };
}

/** Days are in the names of partitions: `events_20310510`, and `…_open` for what was left of one. */
function retentionOf(tables: TableFacts[] | null, days: number): SystemRetention {
  const names = (tables ?? []).flatMap(({ partitions }) => partitions.map(({ name }) => name));
  const [oldest] = names.flatMap((name) => /_(\d{8})$/.exec(name)?.[1] ?? []).sort();
  if (oldest === undefined) return { days, oldestDay: null, nextDropAt: null };
  const oldestDay = `${oldest.slice(0, 4)}-${oldest.slice(4, 6)}-${oldest.slice(6)}`;
  const nextDropAt = new Date(Date.parse(oldestDay) + (days + 1) * DAY_MS).toISOString();
  return { days, oldestDay, nextDropAt };
}
