import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { Settings } from '../../src/config/settings.js';
import { connectQueue } from '../../src/queue/connections.js';
import { createTestDatabase } from '../support/database.js';

it("a worker's queue connection waits for a PostgreSQL that takes longer to answer than a connection may", async () => {
  const database = await createTestDatabase();
  const { hostname, port } = new URL(database.url);
  let connections = 0;
  const line = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    // The first one is never answered.
    if (connections === 1) return;
    const server = connect(Number(port), hostname);
    server.on('error', () => undefined);
    socket.pipe(server).pipe(socket);
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const url = new URL(database.url);
  url.host = `127.0.0.1:${(line.address() as AddressInfo).port}`;

  const settings = Object.assign(new Settings(), { databaseUrl: url.href });
  const queue = connectQueue(settings, 'consumer');
  const client = await (queue.connection as unknown as pg.Pool).connect();
  expect((await client.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  expect(connections).toBe(2);

  client.release();
  await queue.close();
  line.close();
  await database.drop();
}, 20_000);
