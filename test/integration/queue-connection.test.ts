import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Queue, type ConnectionOptions } from 'bullmq';
import pg from 'pg';
import { Settings } from '../../src/config/settings.js';
import { connectQueue } from '../../src/queue/connections.js';
import { createTestDatabase } from '../support/database.js';

/** A proxy in front of the database whose first `deaf` connections are never answered. */
async function startProxy(databaseUrl: string, deaf: number) {
  const { hostname, port } = new URL(databaseUrl);
  const sockets: Socket[] = [];
  const proxy = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    if (sockets.length <= deaf) return;
    const server = connect(Number(port), hostname);
    server.on('error', () => undefined);
    socket.on('close', () => server.destroy());
    socket.pipe(server).pipe(socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const close = () => {
    proxy.close();
    // One that is never read does not notice its end.
    for (const socket of sockets) socket.destroy();
  };
  return { url: url.href, sockets, close };
}

function connectConsumer(databaseUrl: string): { pool: pg.Pool; close: () => Promise<void> } {
  const queue = connectQueue(Object.assign(new Settings(), { databaseUrl }), 'consumer');
  return { pool: queue.connection as unknown as pg.Pool, close: () => queue.close() };
}

it("a worker's queue connection waits for a PostgreSQL that takes longer to answer than a connection may", async () => {
  const database = await createTestDatabase();
  const proxy = await startProxy(database.url, 1);
  const queue = connectConsumer(proxy.url);
  const client = await queue.pool.connect();
  expect((await client.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  // Besides it those that looked whether the server is there.
  expect(proxy.sockets.length).toBeGreaterThan(1);

  client.release();
  await queue.close();
  proxy.close();
  await database.drop();
}, 20_000);

it('stops waiting when the worker does, and does not wait again for one it has reached', async () => {
  const database = await createTestDatabase();
  const never = await startProxy(database.url, Infinity);
  const waiting = connectConsumer(never.url);
  const client = waiting.pool.connect();
  client.catch(() => undefined);
  await waiting.close();
  await expect(client).rejects.toThrow();
  never.close();

  const proxy = await startProxy(database.url, 0);
  const reached = connectConsumer(proxy.url);
  (await reached.pool.connect()).release(true);
  proxy.close();
  await expect(reached.pool.connect()).rejects.toThrow('ECONNREFUSED');
  await reached.close();
  await database.drop();
}, 20_000);

it('queues that have closed leave no listener on the pool of their process, and many shards cause no warning', async () => {
  const database = await createTestDatabase();
  const { pool, close } = connectConsumer(database.url);
  try {
    const before = pool.listenerCount('error');
    const connection = pool as unknown as ConnectionOptions;
    const options = { connection, skipWaitingForReady: true, skipVersionCheck: true };
    const queues = Array.from({ length: 12 }, (_none, shard) => new Queue(`shard-${shard}`, options));
    expect(pool.listenerCount('error')).toBe(before + 12);
    await Promise.all(queues.map((queue) => queue.close()));
    expect(pool.listenerCount('error')).toBe(before);
    // 0: Node warns of no number.
    expect(pool.getMaxListeners()).toBe(0);
  } finally {
    await close();
    await database.drop();
  }
});
