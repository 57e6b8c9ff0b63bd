import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Cluster, type RedisOptions } from 'ioredis';
import { createPostgresBackend, createRedisBackend, setDefaultBackendFactory } from 'bullmq';
import type { ConnectionOptions } from 'bullmq';
import {
  parseRedisCluster,
  parseRedisSentinel,
  type RedisCluster,
  type RedisSentinel,
} from '../config/redis-address.js';
import type { Settings } from '../config/settings.js';
import { Shared } from '../lib/shared.js';
import { withWatchdog } from './consumer-watchdog.js';
import { LastingRedis } from './lasting-redis.js';
import { QueuePool, RETRY_MS } from './queue-pool.js';
import { migrateQueueAt } from './queue-schema.js';

/** A connection of the queue, and how to close it: BullMQ does not close connections that it was given. */
export interface QueueConnection {
  connection: ConnectionOptions;
  /**
   * Whether the server with the keys of this prefix answers now. Only on Redis, where connections may be lost for ever.
   */
  answers?: (prefix: string) => Promise<boolean>;
  /** The Redis, where it is one. */
  redis?: LastingRedis;
  close(): Promise<void>;
}

// BullMQ has one process-wide default backend. Choosing by the connection keeps a host application's own
// Redis queues working beside ours on Postgres.
setDefaultBackendFactory(((name, options, extra) => {
  const connection: unknown = options.connection;
  return connection instanceof pg.Pool
    ? withLongWaits(
        withRetryDelay(
          withoutStaleListeners(connection, () =>
            createPostgresBackend(name, { ...options, connection }, extra),
          ),
        ),
        connection,
      )
    : withWatchdog(createRedisBackend(name, options, extra), options);
}) as typeof createRedisBackend);

type Use = 'producer' | 'consumer';
type PostgresBackend = ReturnType<typeof createPostgresBackend>;

/** After so long without a job a worker waits for longer at a time, milliseconds and seconds. */
const QUIET_AFTER_MS = 20_000;
const QUIET_WAIT_S = 30;

/**
 * Lets an idle worker wait for longer than a second where the database tells of new jobs: each wait begins with four
 * statements. BullMQ ends a wait by itself when a delayed job becomes due.
 */
function withLongWaits(backend: PostgresBackend, pool: pg.Pool): PostgresBackend {
  const wait = backend.waitForJob.bind(backend);
  const fetch = backend.moveToActive.bind(backend);
  let foundAt = performance.now();
  backend.moveToActive = async (...args) => {
    const result: unknown[] = await fetch(...args);
    if (result[1] !== '') foundAt = performance.now();
    return result;
  };
  backend.waitForJob = async (seconds) => {
    const isLong =
      performance.now() - foundAt > QUIET_AFTER_MS && pool instanceof QueuePool && (await pool.canListen());
    return wait(isLong ? Math.max(seconds, QUIET_WAIT_S) : seconds);
  };
  return backend;
}

/** Removes BullMQ's listeners from a pool that it was given when it closes: it leaves them there (6.7.0). */
function withoutStaleListeners(pool: pg.Pool, create: () => PostgresBackend): PostgresBackend {
  const before = new Set(pool.listeners('error'));
  const backend = create();
  const added = pool.listeners('error').filter((listener) => !before.has(listener));
  const close = backend.close.bind(backend);
  backend.close = async (force) => {
    for (const listener of added) pool.off('error', listener as (error: Error) => void);
    await close(force);
  };
  return backend;
}

/**
 * Delays errors when a job is fetched. BullMQ's worker fetches again at once, and with errors that need no round trip
 * nothing else in the process would get its turn.
 */
function withRetryDelay(backend: PostgresBackend): PostgresBackend {
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
  return settings.redisUrl ? connectRedis(settings.redisUrl, use) : connectPostgres(settings, use);
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
  return { connection: redis, answers, close, ...(redis instanceof LastingRedis && { redis }) };
}

/** How long the timer of a closed connection may keep a process alive whose Redis is away. */
const DISCONNECT_MS = 200;
const COMMAND_MS = 5_000;
/** How long a Sentinel or a master has to answer before the next one is asked. */
const SENTINEL_MS = 2_000;

const retryStrategy = (times: number) => Math.min(times * 100, 2_000);

function open(url: string, use: Use): LastingRedis | Cluster {
  const cluster = parseRedisCluster(url);
  if (cluster) return openCluster(cluster, use);
  const sentinel = parseRedisSentinel(url);
  return sentinel ? new LastingRedis(sentinelOptions(sentinel, use)) : new LastingRedis(url, optionsFor(use));
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

/** The queue of a process: its producer and its consumer have one pool together. */
const pools = new Shared<Settings, QueuePool>((pool) => pool.end());

function connectPostgres(settings: Settings, use: Use): QueueConnection {
  const pool = pools.acquire(settings, () => new QueuePool(settings));
  if (use === 'consumer') pool.waitForServer();
  return { connection: pool as unknown as ConnectionOptions, close: () => pools.release(settings) };
}

/** Creates or upgrades BullMQ's own tables; several processes may call it at once. A no-op on Redis. */
export async function migrateQueue({ redisUrl, databaseUrl, databaseDirectUrl }: Settings): Promise<void> {
  if (redisUrl === '') await migrateQueueAt(databaseDirectUrl || databaseUrl);
}
