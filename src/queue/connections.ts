import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Redis } from 'ioredis';
import { createPostgresBackend, createRedisBackend, runMigrations, setDefaultBackendFactory } from 'bullmq';
import type { ConnectionOptions } from 'bullmq';
import type { Settings } from '../config/settings.js';

/** BullMQ's schema; its Postgres backend allows no other name on a pool that it did not build. */
const QUEUE_SCHEMA = 'bullmq';

/** How long after a failure to try again, milliseconds. */
const RETRY_MS = 250;

/** One connection of the queue, and how to close it: BullMQ leaves connections it was handed open. */
export interface QueueConnection {
  connection: ConnectionOptions;
  close(): Promise<void>;
}

// BullMQ has one process-wide default backend. Choosing by the connection keeps a host application's own
// Redis queues working beside ours on Postgres.
setDefaultBackendFactory(((name, options, extra) => {
  const connection: unknown = options.connection;
  return connection instanceof pg.Pool
    ? unhurried(createPostgresBackend(name, { ...options, connection }, extra))
    : createRedisBackend(name, options, extra);
}) as typeof createRedisBackend);

/**
 * A fetch that fails takes a moment. A BullMQ worker asks again at once whatever was wrong, and with an error that is there
 * without a round trip nothing else in the process ever gets its turn.
 */
function unhurried<T extends ReturnType<typeof createPostgresBackend>>(backend: T): T {
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
export function connectQueue(settings: Settings, use: 'producer' | 'consumer'): QueueConnection {
  return settings.redisUrl
    ? connectRedis(settings.redisUrl, use)
    : connectPostgres(settings.databaseUrl, use);
}

function connectRedis(url: string, use: 'producer' | 'consumer'): QueueConnection {
  const redis = new Redis(url, {
    ...(use === 'producer'
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 }
      : { maxRetriesPerRequest: null }),
    retryStrategy: (times) => Math.min(times * 100, 2_000),
    // How long the timer of a closed connection may keep a process alive whose Redis is away.
    disconnectTimeout: 200,
  });
  redis.on('error', () => undefined); // BullMQ reports the same error through its own events.
  const close = () => {
    redis.disconnect();
    return Promise.resolve();
  };
  return { connection: redis, close };
}

function connectPostgres(url: string, use: 'producer' | 'consumer'): QueueConnection {
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
  const client = new pg.Client({ connectionString: settings.databaseUrl });
  await client.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}
