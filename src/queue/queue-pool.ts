import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Settings } from '../config/settings.js';
import type { DatabaseClient } from '../database/database-client.js';
import { poolSizes } from '../database/pool-sizes.js';
import { postgresTypes } from '../database/postgres-types.js';
import { isPooled, watchedClient, watchedOptions } from '../database/watched-pool.js';
import { PooledQueueClient } from './pooled-queue-client.js';
import { QUEUE_SCHEMA } from './queue-schema.js';

/** How long after a failure to try again, milliseconds. */
export const RETRY_MS = 250;

/** BullMQ's statements touch a few rows each. */
const LIMITS = { statementMs: 30_000, transactionMs: 60_000 };
const CONNECT_MS = 5_000;
/** Longer than an idle worker waits for a job at a time. */
const IDLE_MS = 300_000;
const NAME = 'posthorn-queue';

/**
 * BullMQ finds its tables by the path. A job may be lost, so it does not wait for the disk: the sweeper finds its
 * deliveries.
 */
const SESSION = {
  search_path: QUEUE_SCHEMA,
  synchronous_commit: 'off',
  statement_timeout: LIMITS.statementMs,
};

/**
 * The connections of the queue in PostgreSQL, for BullMQ, which knows nothing of poolers: behind one each of its
 * statements is a transaction with what it needs, and it listens on a direct connection or not at all.
 */
export class QueuePool extends pg.Pool {
  private readonly url: string;
  private readonly directUrl: string;
  private waits = false;
  private isReached = false;

  constructor(settings: Settings) {
    super({
      ...watchedOptions(settings.databaseUrl, {
        limits: LIMITS,
        session: SESSION,
        prepared: settings.dbPrepared,
      }),
      max: poolSizes(settings).queue,
      application_name: NAME,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: IDLE_MS,
      types: postgresTypes,
    });
    this.url = settings.databaseUrl;
    this.directUrl = settings.databaseDirectUrl;
    // An idle connection that drops is replaced at the next use.
    this.on('error', () => undefined);
    // Each shard's producer and consumer listen, too: more than ten are no leak.
    this.setMaxListeners(0);
  }

  /**
   * Makes the first connect wait until the server is there. BullMQ's worker connects once, when it starts, and a
   * failure then would last as long as the process. Later connects fail as usual, so that a stop does not wait for a
   * lost server.
   */
  waitForServer(): void {
    this.waits = true;
  }

  /** Whether the server tells BullMQ of new jobs. */
  async canListen(): Promise<boolean> {
    return this.directUrl !== '' || !(await isPooled(this.url));
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: unknown): Promise<pg.PoolClient> | void {
    // pg's own calls have one, BullMQ's none.
    return callback ? super.connect(callback as Parameters<pg.Pool['connect']>[0]) : this.connectFirst();
  }

  override query(...args: never[]): never {
    return this.ask(...(args as unknown as [string, unknown[]])) as never;
  }

  private async ask(text: string, values: unknown[]): Promise<pg.QueryResult> {
    if (!(await isPooled(this.url))) return super.query(text, values);
    const client = (await super.connect()) as pg.PoolClient & DatabaseClient;
    let broken: Error | undefined;
    try {
      // What the session needs follows the BEGIN in the same message.
      await client.query('BEGIN');
      const result = await client.query(text, values);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((reason: unknown) => (broken = reason as Error));
      throw error;
    } finally {
      client.release(broken ?? client.isUnusable);
    }
  }

  private async connectFirst(): Promise<pg.PoolClient> {
    for (;;) {
      try {
        const client = await this.connectOnce();
        this.isReached = true;
        return client;
      } catch (error) {
        if (!this.waits || this.isReached || this.ending) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  private async connectOnce(): Promise<pg.PoolClient> {
    if (!(await isPooled(this.url))) return super.connect();
    const open = () => watchedClient(this.directUrl, { limits: LIMITS }, { application_name: NAME });
    const client = new PooledQueueClient(
      (text, values) => this.ask(text, values),
      this.directUrl === '' ? null : open,
    );
    return client as unknown as pg.PoolClient;
  }
}
