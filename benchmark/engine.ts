import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { DataFolder } from '../src/database/data-folder.js';
import { readPassword, SUPERUSER } from '../src/database/embedded-cluster.js';
import { EmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { LEASED_IN_PROCESS, WAITING } from '../src/deliveries/open-deliveries.js';
import { RedisServer } from '../test/support/redis.js';
import { EngineProcess } from './engine-process.js';
import type { Target } from './generator.js';
import { monotonicMs } from './monotonic.js';
import {
  forgetPeakMemory,
  peakNodeMemory,
  readCosts,
  serversOf,
  type Cost,
  type Group,
} from './process-costs.js';

/** Where the queue lives, which decides what runs: one process with its own database, or an API and workers. */
export type Queue = 'postgres' | 'redis';

/** Which processes run when the queue is in Redis: an API and workers, or processes that are both. */
export type Topology = 'apart' | 'all';

export interface EngineOptions {
  queue: Queue;
  /** With Redis; default `apart`. */
  topology?: Topology;
  /** With Redis: how many processes that deliver. */
  workers?: number;
  /** With Redis: over how many queues jobs are spread. */
  queues?: number;
  /** For the engine's Node processes, e.g. `--cpu-prof`. */
  nodeOptions?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Whether PostgreSQL counts what each statement costs, which costs a little itself. */
  countsStatements?: boolean;
}

/** A space with endpoints, made through the API. */
export interface Tenant extends Target {
  spaceId: string;
  subscriptions: { id: string; path: string; secret: string }[];
}

export interface Counts {
  transactions: number;
  walBytes: number;
  redisCommands: number;
}

const COUNTED = `
  SELECT (SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database) AS transactions,
         pg_current_wal_lsn() - '0/0'::pg_lsn AS wal`;

async function commandsOf(url: string): Promise<number> {
  const redis = new Redis(url);
  try {
    return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
  } finally {
    redis.disconnect();
  }
}

const ADMIN_KEY = 'benchmark-admin-key';

const DEAREST_STATEMENTS = `
  SELECT format('%s ms in all, %s calls, %s ms each, %s rows, %s pages: %s', round(total_exec_time), calls,
                round(mean_exec_time::numeric, 3), rows, shared_blks_hit + shared_blks_read,
                left(regexp_replace(query, '\\s+', ' ', 'g'), 150)) AS line
  FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 12`;

/** The built engine, started as a user would start it, in a folder of its own that goes away with it. */
export class Engine {
  readonly processes: EngineProcess[] = [];
  readonly adminKey = ADMIN_KEY;
  url = '';
  /** Of every process with an API. */
  urls: string[] = [];
  database!: pg.Pool;
  private readonly folder: string;
  private readonly encryptionKey = randomBytes(32).toString('base64');
  private redis: RedisServer | null = null;
  private ownDatabase: { folder: DataFolder; server: EmbeddedPostgres } | null = null;

  private constructor(private readonly options: EngineOptions) {
    this.folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
    // Root's PostgreSQL runs as another user, who has to get in.
    chmodSync(this.folder, 0o711);
  }

  static async start(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    try {
      if (options.queue === 'redis') await engine.startServers();
      await engine.startProcesses();
      if (options.countsStatements) await engine.startCounting();
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  /** Also after `stopProcesses`: the data is still there. */
  async startProcesses(): Promise<void> {
    const { workers = 1, queue, topology = 'apart' } = this.options;
    if (queue === 'postgres') await this.startProcess({ POSTHORN_DATA_DIR: this.dataFolder });
    else if (topology === 'all') for (let n = 0; n < workers; n += 1) await this.startProcess({});
    else {
      await this.startProcess({ POSTHORN_ROLE: 'api' });
      for (let n = 0; n < workers; n += 1)
        await this.startProcess({ POSTHORN_ROLE: 'worker', POSTHORN_HEALTH_PORT: 'off' });
    }
    this.urls = this.processes.map(({ url }) => url).filter(Boolean);
    this.url = this.urls[0] ?? '';
    this.database = new pg.Pool({ connectionString: this.databaseUrl, max: 2 });
    this.database.on('error', () => undefined);
  }

  async stopProcesses(): Promise<void> {
    await this.database.end();
    await Promise.all(this.processes.splice(0).map((each) => each.stop()));
  }

  /** Does something to the database while the engine is away. */
  async stopAndStart(meanwhile: () => Promise<void>): Promise<void> {
    if (this.options.queue === 'redis') {
      await this.stopProcesses();
      this.database = new pg.Pool({ connectionString: this.databaseUrl, max: 2 });
      await meanwhile();
      await this.database.end();
      return this.startProcesses();
    }
    // The embedded database ended with its engine.
    await this.stopProcesses();
    const folder = await DataFolder.open(this.dataFolder);
    const server = await EmbeddedPostgres.start(folder);
    this.database = new pg.Pool({ connectionString: server.url, max: 2 });
    await meanwhile();
    await this.database.end();
    await server.stop();
    folder.release();
    await this.startProcesses();
  }

  /** What its PostgreSQL and Redis have counted since they started. */
  async counts(): Promise<Counts> {
    const { rows } = await this.database.query<{ transactions: string; wal: string }>(COUNTED);
    const [row] = rows;
    const redis = this.redis ? await commandsOf(this.redis.url) : 0;
    return { transactions: Number(row?.transactions), walBytes: Number(row?.wal), redisCommands: redis };
  }

  costs(): Record<Group, Cost> {
    return readCosts(this.roots());
  }

  /** The most memory its Node processes had at once since `forgetPeakMemory`, MB. */
  peakNodeMemory(): number {
    return peakNodeMemory(this.roots());
  }

  forgetPeakMemory(): void {
    forgetPeakMemory(this.roots());
  }

  /**
   * A space of its own, with a key to publish to it and one subscription to everything for each of these receiver's
   * URLs.
   */
  async tenant(urls: readonly string[], fields: object = {}): Promise<Tenant> {
    const uid = `bench_${randomBytes(5).toString('hex')}`;
    const { id } = await this.call<{ id: string }>('POST', '/v1/spaces', { name: uid, uid });
    const fresh = { name: 'generator', scope: 'publish' };
    const { key } = await this.call<{ key: string }>('POST', `/v1/spaces/${uid}/keys`, fresh);
    const tenant: Tenant = {
      url: this.url,
      urls: this.urls,
      key,
      space: uid,
      spaceId: id,
      subscriptions: [],
    };
    for (const url of urls) await this.subscribe(tenant, url, fields);
    return tenant;
  }

  async subscribe(tenant: Tenant, url: string, fields: object): Promise<Tenant['subscriptions'][number]> {
    const path = `/v1/spaces/${tenant.space}/subscriptions`;
    const { id, secret } = await this.call<{ id: string; secret: string }>('POST', path, { url, ...fields });
    const made = { id, secret, path: new URL(url).pathname };
    tenant.subscriptions.push(made);
    return made;
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text ? JSON.parse(text) : null) as T;
  }

  /**
   * Waits until no delivery is pending any more; gives when (`monotonicMs()`), and the space's deliveries by status.
   */
  async settled(
    spaceId: string,
    timeoutMs: number,
  ): Promise<{ at: number; statuses: Record<string, number> }> {
    const deadline = monotonicMs() + timeoutMs;
    let at = monotonicMs();
    for (; at < deadline; at = monotonicMs()) {
      const { rowCount } = await this.database.query(
        `(SELECT 1 FROM posthorn.deliveries WHERE ${WAITING} LIMIT 1)
         UNION ALL (SELECT 1 FROM posthorn.deliveries WHERE ${LEASED_IN_PROCESS} ORDER BY id LIMIT 1)`,
      );
      at = monotonicMs();
      if (rowCount === 0) break;
      await delay(5);
    }
    const { rows } = await this.database.query<{ status: string; count: number }>(
      'SELECT status, count(*)::int AS count FROM posthorn.deliveries WHERE space_id = $1 GROUP BY status',
      [uuidOf(spaceId)],
    );
    return { at, statuses: Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
  }

  /**
   * After much was written: what PostgreSQL would do in the background by and by is no part of what is measured next.
   * `all tables`: those of the system, too, of which a new database has many changed rows.
   */
  async tidyUp(tables: 'all tables' | 'large tables' = 'large tables'): Promise<void> {
    const large = ' posthorn.events, posthorn.deliveries, posthorn.attempts';
    await this.database.query(`VACUUM ANALYZE${tables === 'all tables' ? '' : large}`);
    await this.database.query('CHECKPOINT');
  }

  /**
   * The statements that took the most time since the last look, as lines for a person; none unless they are counted.
   */
  async dearestStatements(): Promise<string[]> {
    if (!this.options.countsStatements) return [];
    const { rows } = await this.database.query<{ line: string }>(DEAREST_STATEMENTS);
    await this.database.query('SELECT pg_stat_statements_reset()');
    return rows.map(({ line }) => line);
  }

  /** Settings of PostgreSQL, as `SHOW` gives them. */
  async show(...names: string[]): Promise<Record<string, string>> {
    const shown: Record<string, string> = {};
    for (const name of names) {
      const { rows } = await this.database.query<Record<string, string>>(`SHOW ${name}`);
      shown[name] = rows[0]?.[name] ?? '';
    }
    return shown;
  }

  async close(): Promise<void> {
    await (this.database as pg.Pool | undefined)?.end().catch(() => undefined);
    await Promise.all(this.processes.splice(0).map((each) => each.stop()));
    await this.redis?.close();
    await this.ownDatabase?.server.stop();
    this.ownDatabase?.folder.release();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startCounting(): Promise<void> {
    if (this.options.queue === 'postgres') {
      await this.database.query(`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`);
      await this.stopProcesses();
      await this.startProcesses();
    }
    await this.database.query('CREATE EXTENSION pg_stat_statements');
  }

  private get dataFolder(): string {
    return join(this.folder, 'data');
  }

  private async startServers(): Promise<void> {
    this.redis = await RedisServer.start();
    const folder = await DataFolder.open(this.dataFolder);
    const settings: Record<string, string> = this.options.countsStatements
      ? { shared_preload_libraries: 'pg_stat_statements' }
      : {};
    this.ownDatabase = { folder, server: await EmbeddedPostgres.start(folder, { settings }) };
  }

  private async startProcess(env: NodeJS.ProcessEnv): Promise<void> {
    const started = await EngineProcess.start(
      this.folder,
      {
        PORT: '0',
        POSTHORN_ADMIN_KEY: ADMIN_KEY,
        POSTHORN_ENCRYPTION_KEYS: this.encryptionKey,
        // The receiver is here; nothing else differs from what a user gets.
        POSTHORN_ALLOW_HTTP: 'true',
        POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
        ...(this.ownDatabase && { DATABASE_URL: this.databaseUrl }),
        ...(this.redis && { REDIS_URL: this.redis.url }),
        ...(this.options.queues && { POSTHORN_QUEUE_SHARDS: String(this.options.queues) }),
        ...env,
        ...this.options.env,
      },
      this.options.nodeOptions,
    );
    this.processes.push(started);
  }

  get databaseUrl(): string {
    if (this.ownDatabase) return this.ownDatabase.server.url;
    const cluster = realpathSync(join(this.dataFolder, 'postgres'));
    // The file in which PostgreSQL says how it runs; the fourth line is its port.
    const port = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3]?.trim() ?? '';
    return `postgres://${SUPERUSER}:${readPassword(this.dataFolder)}@127.0.0.1:${port}/posthorn`;
  }

  /** The processes that, with all they started, are the engine. */
  private roots(): number[] {
    const own = this.processes.map(({ pid }) => pid);
    if (this.options.queue === 'postgres') return own;
    return [...own, ...serversOf(process.pid)];
  }
}

/** `spc_0190…` as PostgreSQL knows it. */
function uuidOf(publicId: string): string {
  return publicId.slice(publicId.indexOf('_') + 1);
}
