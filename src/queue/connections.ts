import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { createPostgresBackend, createRedisBackend, runMigrations, setDefaultBackendFactory } from 'bullmq';
import type { ConnectionOptions } from 'bullmq';
import {
  parseRedisCluster,
  parseRedisSentinel,
  type RedisCluster,
  type RedisSentinel,
} from '../config/redis-address.js';
import type { Settings } from '../config/settings.js';
import { postgresTypes } from '../database/postgres-types.js';
import { watchedClient, watchedOptions } from '../database/watched-pool.js';
import { withWatchdog } from './consumer-watchdog.js';

/** BullMQ's schema; its Postgres backend allows no other name on a pool that it did not build. */
const QUEUE_SCHEMA = 'bullmq';

/** How long after a failure to try again, milliseconds. */
const RETRY_MS = 250;

/** A connection of the queue, and how to close it: BullMQ does not close connections that it was given. */
export interface QueueConnection {
  connection: ConnectionOptions;
  /**
   * Whether the server with the keys of this prefix answers now. Only on Redis, where connections may be lost for ever.
   */
  answers?: (prefix: string) => Promise<boolean>;
  close(): Promise<void>;
}

// BullMQ has one process-wide default backend. Choosing by the connection keeps a host application's own
// Redis queues working beside ours on Postgres.
setDefaultBackendFactory(((name, options, extra) => {
  const connection: unknown = options.connection;
  return connection instanceof pg.Pool
    ? withRetryDelay(createPostgresBackend(name, { ...options, connection }, extra))
    : withWatchdog(createRedisBackend(name, options, extra), options);
}) as typeof createRedisBackend);

type Use = 'producer' | 'consumer';

/**
 * Delays errors when a job is fetched. BullMQ's worker fetches again at once, and with errors that need no round trip
 * nothing else in the process would get its turn.
 */
function withRetryDelay<T extends ReturnType<typeof createPostgresBackend>>(backend: T): T {
  const fetch = backend.moveToActive.bind(backend);
  backend.moveToActive = (...args) =>
    fetch(...args).catch(async (error: unknown) => {
      await sleep(RETRY_MS);
      throw error;
    });
  return backend;
}

/**
 * Connects to Redis when `REDIS_URL` is set, else to the database. A producer must fail fast, since a publish must
 * not wait for a Redis that is away (`Queue.add` waits for ever with ioredis' defaults); a consumer must wait for ever.
 */
export function connectQueue(settings: Settings, use: Use): QueueConnection {
  return settings.redisUrl
    ? connectRedis(settings.redisUrl, use)
    : connectPostgres(settings.databaseUrl, use);
}

function connectRedis(url: string, use: Use): QueueConnection {
  const redis = open(url, use);
  redis.on('error', () => undefined); // BullMQ reports the same error through its own events.
  const close = () => {
    redis.disconnect();
    return Promise.resolve();
  };
  const answers = (prefix: string) =>
    Promise.race([
      redis.exists(prefix).then(
        () => true,
        () => false,
      ),
      sleep(COMMAND_MS, false, { ref: false }),
    ]);
  return { connection: redis, answers, close };
}

/** How long the timer of a closed connection may keep a process alive whose Redis is away. */
const DISCONNECT_MS = 200;
const COMMAND_MS = 5_000;
/** How long a Sentinel or a master has to answer before the next one is asked. */
const SENTINEL_MS = 2_000;

const retryStrategy = (times: number) => Math.min(times * 100, 2_000);

function open(url: string, use: Use): Redis | Cluster {
  const cluster = parseRedisCluster(url);
  if (cluster) return openCluster(cluster, use);
  const sentinel = parseRedisSentinel(url);
  return sentinel ? new Redis(sentinelOptions(sentinel, use)) : new Redis(url, optionsFor(use));
}

function optionsFor(use: Use): RedisOptions {
  return {
    ...(use === 'producer'
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: COMMAND_MS }
      : { maxRetriesPerRequest: null }),
    retryStrategy,
    // The master has become a replica: the next connection finds the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    disconnectTimeout: DISCONNECT_MS,
  };
}

function sentinelOptions(
  { sentinels, master, database, isTls, ...login }: RedisSentinel,
  use: Use,
): RedisOptions {
  return {
    ...optionsFor(use),
    ...login,
    sentinels,
    name: master,
    db: database,
    sentinelRetryStrategy: retryStrategy,
    sentinelCommandTimeout: SENTINEL_MS,
    connectTimeout: SENTINEL_MS,
    // The Sentinels report a new master; the old one cannot when its host is gone.
    failoverDetector: true,
    ...(isTls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
  };
}

function openCluster({ nodes, username, password, isTls }: RedisCluster, use: Use): Cluster {
  const redisOptions: RedisOptions = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isTls && { tls: {} }),
    ...(use === 'producer'
      ? { maxRetriesPerRequest: 1, commandTimeout: COMMAND_MS }
      : { maxRetriesPerRequest: null }),
    disconnectTimeout: DISCONNECT_MS,
  };
  return new Cluster(nodes, {
    redisOptions,
    clusterRetryStrategy: retryStrategy,
    // A command whose node is gone tries the others, 100 ms apart, and then fails.
    ...(use === 'producer' && { enableOfflineQueue: false, maxRedirections: 5 }),
    // With TLS, connect to names, which certificates are for. By default ioredis resolves them to addresses.
    ...(isTls && { dnsLookup: (name, found) => found(null, name) }),
  });
}

/** BullMQ's statements touch a few rows each. */
const QUEUE_LIMITS = { statementMs: 30_000, transactionMs: 60_000 };

function connectPostgres(url: string, use: Use): QueueConnection {
  const pool = new pg.Pool({
    ...watchedOptions(url, QUEUE_LIMITS),
    max: use === 'producer' ? 4 : 6,
    // A job may be lost, so it does not wait for the disk: the sweeper finds its deliveries.
    options: `-c search_path=${QUEUE_SCHEMA} -c synchronous_commit=off`,
    application_name: `posthorn-queue-${use}`,
    connectionTimeoutMillis: 5_000,
    statement_timeout: QUEUE_LIMITS.statementMs,
    types: postgresTypes,
  });
  pool.on('error', () => undefined); // An idle connection that drops is replaced at the next use.
  if (use === 'consumer') waitForServer(pool);
  return { connection: pool, close: () => pool.end() };
}

/**
 * Makes the first connect wait until the server is there. BullMQ's worker connects once, when it starts, and a failure
 * then would last as long as the process. Later connects fail as usual, so that a stop does not wait for a lost server.
 */
function waitForServer(pool: pg.Pool): void {
  const connect = pool.connect.bind(pool);
  let isReached = false;
  const connectFirst = async () => {
    for (;;) {
      try {
        const client = await connect();
        isReached = true;
        return client;
      } catch (error) {
        if (isReached || pool.ending) throw error;
        await sleep(RETRY_MS);
      }
    }
  };
  pool.connect = ((callback?: Parameters<typeof connect>[0]) =>
    callback ? connect(callback) : connectFirst()) as typeof pool.connect;
}

/** Creates or upgrades BullMQ's own tables; several processes may call it at once. A no-op on Redis. */
export async function migrateQueue(settings: Settings): Promise<void> {
  if (settings.redisUrl) return;
  const client = watchedClient(settings.databaseUrl, { statementMs: Infinity, transactionMs: Infinity });
  await client.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}
