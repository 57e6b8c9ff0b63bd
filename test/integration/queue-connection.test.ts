import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';
import { Settings } from '../../src/config/settings.js';
import { connectQueue } from '../../src/queue/connections.js';
import { createTestDatabase } from '../support/database.js';

/** A line to the database whose first `deaf` connections are never answered. */
async function startLine(databaseUrl: string, deaf: number) {
  const { hostname, port } = new URL(databaseUrl);
  const sockets: Socket[] = [];
  const line = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    if (sockets.length <= deaf) return;
    const server = connect(Number(port), hostname);
    server.on('error', () => undefined);
    socket.pipe(server).pipe(socket);
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(line.address() as AddressInfo).port}`;
  const close = () => {
    line.close();
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
  const line = await startLine(database.url, 1);
  const queue = connectConsumer(line.url);
  const client = await queue.pool.connect();
  expect((await client.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  // Besides it those that looked whether the server is there.
  expect(line.sockets.length).toBeGreaterThan(1);

  client.release();
  await queue.close();
  line.close();
  await database.drop();
}, 20_000);

it('stops waiting when the worker does, and does not wait again for one it has reached', async () => {
  const database = await createTestDatabase();
  const never = await startLine(database.url, Infinity);
  const waiting = connectConsumer(never.url);
  const client = waiting.pool.connect();
  client.catch(() => undefined);
  await waiting.close();
  await expect(client).rejects.toThrow();
  never.close();

  const line = await startLine(database.url, 0);
  const reached = connectConsumer(line.url);
  (await reached.pool.connect()).release(true);
  line.close();
  await expect(reached.pool.connect()).rejects.toThrow('ECONNREFUSED');
  await reached.close();
  await database.drop();
}, 20_000);
