import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Clock } from '../lib/clock.js';
import { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { TransactionCheck } from '../database/transactions/check-transaction.js';
import { CommitPoll } from '../database/transactions/commit-poll.js';
import { asHostTransaction } from '../database/transactions/host-transaction.js';
import { textSql } from '../database/transactions/text-sql.js';
import { TransactionRefused } from '../database/transactions/transaction-refused.js';
import {
  dataSourceOf,
  RUNNER_RELEASED,
  runnerSql,
  typeormRunner,
  type HostQueryRunner,
} from '../database/transactions/typeorm.js';
import { RoutingTable } from '../endpoints/routing.js';
import { Announcer } from './announcer.js';
import { DataCheck, withWarnings } from './data-check.js';
import { BatchStore } from './batch-store.js';
import { checkTimes } from './check-times.js';
import type { PublishedEvent } from './draft.js';
import { inCallersTransaction } from './failing-transaction.js';
import { onCommit } from './on-commit.js';
import { PublishAdmission } from './publish-admission.js';
import type { PublishRequest } from './store.js';
import { storeSpan } from './store-span.js';
import { storeInSlices } from './store-slices.js';
import { WIDE } from './wide-store.js';

/** An open transaction of the caller's: how to write in it, and to hear of its commit. */
interface OpenTransaction {
  sql: Sql;
  /** Where the routes are read. */
  routesSql: Sql;
  onCommit(callback: () => void): void;
}

const UNKNOWN =
  'It is not a transaction that Posthorn knows. Give a TypeORM manager or query runner, the client ' +
  'that Prisma, Drizzle, Kysely, Knex, MikroORM, Sequelize or pg gives to a transaction, ' +
  'or an object with query(text, values).';
const NOT_OPEN =
  'The manager is in no transaction, so an event would survive a rollback. Give the manager that ' +
  'dataSource.transaction(…) hands out, or leave the option out to publish at once.';

/**
 * Publishes inside the caller's own transaction, of whatever library: the events exist when, and only when, it
 * commits. Workers are told after that; if nobody can tell them, the sweeper finds the deliveries.
 */
@Injectable()
export class TransactionPublisher implements BeforeApplicationShutdown {
  private readonly batches: BatchStore;
  private readonly poll: CommitPoll;
  private readonly check: TransactionCheck;
  /** Data sources that are known to be on Posthorn's database. */
  private readonly known = new WeakSet();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
    private readonly announcer: Announcer,
    private readonly admission: PublishAdmission,
    private readonly dataCheck: DataCheck,
  ) {
    this.batches = new BatchStore(database, clock, routing, announcer);
    this.poll = new CommitPoll(database.sql);
    this.check = new TransactionCheck(database.sql);
  }

  beforeApplicationShutdown(): void {
    this.poll.close();
  }

  /** Throws TransactionRefused when nothing can be published in `tx`, and what `Publisher.publish` throws. */
  async publish(tx: object, request: PublishRequest): Promise<PublishedEvent[]> {
    checkTimes(request.drafts, this.clock.now());
    const transaction = await this.open(tx);
    await this.admission.admit(request);
    const span = storeSpan([request]);
    try {
      const store = () => this.store(transaction, request);
      const { events, announce } = await this.dataCheck.around(request, null, store);
      transaction.onCommit(() => announce(span));
      return withWarnings(events, request.drafts);
    } finally {
      span?.end();
    }
  }

  private async store({ sql, routesSql }: OpenTransaction, request: PublishRequest) {
    const current = await this.routing.current(routesSql, [request.spaceId]);
    const routes = current.get(request.spaceId);
    if (routes && request.drafts.length * routes.routes.length > WIDE) {
      const outcome = await storeInSlices(sql, this.clock, request, routes, nextTurn);
      const announce = (span: ReturnType<typeof storeSpan>) =>
        void this.announcer.announceMany(outcome, nextTurn, span);
      return { events: outcome.events, announce };
    }
    const stored = await this.batches.storeWith(sql, [request], current, null);
    const [outcome] = stored.outcomes;
    if (!outcome || 'error' in outcome) throw outcome?.error ?? new Error('A request had no outcome.');
    const announce = (span: ReturnType<typeof storeSpan>) => this.announcer.announce(stored, span);
    return { events: outcome.events, announce };
  }

  /** Throws TransactionRefused. */
  private async open(tx: object): Promise<OpenTransaction> {
    const runner = typeormRunner(tx);
    if (runner === null) throw new TransactionRefused(NOT_OPEN);
    if (runner !== undefined) return this.openTypeorm(runner);
    const host = asHostTransaction(tx);
    if (host === null) throw new TransactionRefused(UNKNOWN);
    const { client, onEnd } = host;
    const sql = inCallersTransaction(textSql(host));
    const xid = await this.check.numberOf(sql, client);
    onEnd?.(() => this.poll.hurry(xid));
    const watch = (callback: () => void) => this.poll.onCommit(xid, callback);
    return { sql, routesSql: this.database.sql, onCommit: watch };
  }

  private async openTypeorm(runner: HostQueryRunner): Promise<OpenTransaction> {
    if (runner.isReleased) throw new TransactionRefused(RUNNER_RELEASED);
    const source = dataSourceOf(runner);
    if (!runner.isTransactionActive) throw new TransactionRefused(NOT_OPEN);
    const sql = inCallersTransaction(runnerSql(runner));
    if (!this.known.has(source)) {
      await this.check.checkPlace(sql);
      this.known.add(source);
    }
    return { sql, routesSql: sql, onCommit: (callback) => onCommit(runner, callback) };
  }
}
