import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { createPostgresBackend, createRedisBackend, runMigrations } from 'bullmq';
import type { ConnectionOptions } from 'bullmq';
import { parseRedisCluster, type RedisCluster } from '../config/redis-address.js';
import type { Settings } from '../config/settings.js';

/** BullMQ's schema; its Postgres backend allows no other name on a pool that it did not build. */
const QUEUE_SCHEMA = 'bullmq';

/** One connection of the queue, and how to close it: BullMQ leaves connections it was handed open. */
export interface QueueConnection {
  connection: ConnectionOptions;
  /** Whether the server answers, now, where keys of this prefix live. Only where connections may be lost for ever. */
  answers?: (prefix: string) => Promise<boolean>;
  close(): Promise<void>;
}

/** What a BullMQ queue or worker of ours runs on; given to each, because the default is the host application's. */
export const queueBackend = ((name, options, extra) => {
  const connection: unknown = options.connection;
  return connection instanceof pg.Pool
    ? createPostgresBackend(name, { ...options, connection }, extra)
    : createRedisBackend(name, options, extra);
}) as typeof createRedisBackend;

type Use = 'producer' | 'consumer';

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
  const cluster = parseRedisCluster(url);
  const redis = cluster ? openCluster(cluster, use) : openRedis(url, use);
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

const retryStrategy = (times: number) => Math.min(times * 100, 2_000);

function openRedis(url: string, use: Use): Redis {
  return new Redis(url, {
    ...(use === 'producer'
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: COMMAND_MS }
      : { maxRetriesPerRequest: null }),
    retryStrategy,
    disconnectTimeout: DISCONNECT_MS,
  });
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

function connectPostgres(url: string, use: Use): QueueConnection {
  const pool = new pg.Pool({
    connectionString: url,
    max: use === 'producer' ? 4 : 6,
    // A doorbell may be lost, so it waits for no disk: the sweeper finds what it would have rung for.
    options: `-c search_path=${QUEUE_SCHEMA} -c synchronous_commit=off`,
    application_name: `posthorn-queue-${use}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  pool.on('error', () => undefined); // An idle connection that drops is replaced at the next use.
  return { connection: pool, close: () => pool.end() };
}

/** Creates or upgrades BullMQ's own tables; several processes may call it at once. A no-op on Redis. */
export async function migrateQueue(settings: Settings): Promise<void> {
  if (settings.redisUrl) return;
  const client = new pg.Client({ connectionString: settings.databaseUrl });
  await client.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}
