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

/** One connection of the queue, and how to close it: BullMQ leaves connections it was handed open. */
export interface QueueConnection {
  connection: ConnectionOptions;
  /** Whether the server answers, now, where keys of this prefix live. Only where connections may be lost for ever. */
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
 * A fetch that fails takes a moment. A BullMQ worker asks again at once whatever was wrong, and with an error that is there
 * without a round trip nothing else in the process ever gets its turn.
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
 * not wait for a dead Redis (`Queue.add` hangs for ever with ioredis' defaults); a consumer must wait for ever.
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
    // They say so when they choose another master: one whose host has gone says nothing.
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
    // A ring that finds its node gone asks the others, 100 ms apart, and gives up.
    ...(use === 'producer' && { enableOfflineQueue: false, maxRedirections: 5 }),
    // Certificates are for names. Without TLS ioredis connects to the addresses they stand for.
    ...(isTls && { dnsLookup: (name, found) => found(null, name) }),
  });
}

/** BullMQ's statements touch a few rows each. */
const QUEUE_LIMITS = { statementMs: 30_000, transactionMs: 60_000 };

function connectPostgres(url: string, use: Use): QueueConnection {
  const pool = new pg.Pool({
    ...watchedOptions(url, QUEUE_LIMITS),
    max: use === 'producer' ? 4 : 6,
    // A doorbell may be lost, so it waits for no disk: the sweeper finds what it would have rung for.
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
 * Lets whoever asks for the first client wait until there is one. A BullMQ worker asks once, when it starts, and a server
 * that took more than five seconds then had failed it for as long as the process lived. From then on asking fails as
 * usual, or a stop would wait for a server that has gone.
 */
function waitForServer(pool: pg.Pool): void {
  const connect = pool.connect.bind(pool);
  let isReached = false;
  const patiently = async () => {
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
    callback ? connect(callback) : patiently()) as typeof pool.connect;
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
