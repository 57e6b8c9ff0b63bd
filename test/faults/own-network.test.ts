import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startNameServer, type NameServer } from '../support/name-server.js';
import { SingleEngine } from './single-engine.js';
import { NetworkNamespace } from './network-namespace.js';

const HOSTS = 10;
/** Each endpoint gets so many events more while the network is out: as many failures as a pause takes. */
const MORE = 10;

interface Listed {
  status: string;
  attemptCount: number;
  subscriptionId: string;
}

describe('an engine in a network of its own, with ten endpoints that are well', () => {
  let network: NetworkNamespace;
  let database: TestDatabase;
  let names: NameServer;
  let answers: 'well' | 'servfail' | 'silent';
  let engine: SingleEngine;
  let receivers: Server[];
  let received: number[];
  let subscriptions: string[];

  beforeEach(async () => {
    network = NetworkNamespace.make();
    database = await createTestDatabase();
    answers = 'well';
    const answer = () => (answers === 'well' ? [network.world] : answers);
    names = await startNameServer(answer, 1, { address: network.world, port: 53 });
    engine = await SingleEngine.start({
      databaseUrl: await network.reaching(database.url),
      within: network.prefix,
      env: { HOST: network.inside, POSTHORN_ALLOW_TARGETS: '10.0.0.0/8', POSTHORN_SWEEP_INTERVAL_MS: '500' },
    });
    received = [];
    receivers = [];
    subscriptions = [];
    for (let n = 0; n < HOSTS; n += 1) await addEndpoint(n);
    await publish(1);
    await eventually(() => expect(received).toEqual(Array(HOSTS).fill(1)), { timeoutMs: 30_000 });
    await eventually(async () => expect(await deliveries('pending')).toEqual([]));
  });
  afterEach(async () => {
    await engine.kill();
    for (const server of receivers) {
      server.closeAllConnections();
      server.close();
    }
    await names.close();
    network.close();
    await database.drop();
  });

  /** Named and on a port of its own. Ten failures pause it, and its schedule is an hour. */
  async function addEndpoint(n: number): Promise<void> {
    received[n] = 0;
    const server = createServer((request, response) => {
      received[n] = (received[n] ?? 0) + 1;
      // Half of them keep their connections, on which all may go well while no new one can be opened.
      if (n % 2 === 0) response.setHeader('connection', 'close');
      request.resume().on('end', () => response.end());
    });
    server.listen(0, network.world);
    await once(server, 'listening');
    receivers.push(server);
    const { port } = server.address() as AddressInfo;
    const rules = { pauseAfter: 10, timeoutMs: 2_000, retrySchedule: [3_600] };
    subscriptions.push(await engine.subscribe(`http://host${n}.example.test:${port}/`, rules));
  }

  const publish = (count: number) => engine.publish(count, { atOnce: 5 });

  async function deliveries(status: string): Promise<Listed[]> {
    const path = engine.path(`/deliveries?status=${status}&limit=100`);
    return (await engine.ok<{ data: Listed[] }>('GET', path)).data;
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${engine.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  }

  /** Of any delivery. */
  async function mostAttempts(): Promise<number> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ most: number }>(
      'SELECT max(attempt_count) AS most FROM posthorn.deliveries',
    );
    await client.end();
    return rows[0]?.most ?? 0;
  }

  async function expectAllActive(): Promise<void> {
    for (const id of subscriptions) {
      const found = await engine.ok('GET', engine.path(`/subscriptions/${id}`));
      expect(found).toMatchObject({ status: 'active', failureCount: 0 });
    }
  }

  const breaks: Record<string, () => void> = {
    'connections are reset': () => network.refuse(),
    'no way leads out': () => network.unroute(),
    'nothing comes through': () => network.silence(),
    'the name server fails': () => void (answers = 'servfail'),
    'the name server is silent': () => void (answers = 'silent'),
  };

  it.each(Object.keys(breaks))(
    '%s: nobody is paused, nothing is spent, and all arrives when it is over',
    async (how) => {
      breaks[how]?.();
      let count = 0;
      // For as long as a name is remembered, or a connection open, all goes on.
      await eventually(
        async () => {
          count += 5;
          await publish(5);
          expect(await metric('posthorn_network_out')).toBe(1);
        },
        { timeoutMs: 30_000 },
      );
      count += MORE;
      await publish(MORE);
      await expectAllActive();
      expect(await deliveries('failed')).toEqual([]);
      answers = 'well';
      network.mend();
      const mendedAt = performance.now();
      await eventually(() => expect(received.every((seen) => seen > count)).toBe(true), {
        timeoutMs: 60_000,
      });
      const seconds = (performance.now() - mendedAt) / 1_000;
      await eventually(async () => expect(await deliveries('pending')).toEqual([]), { timeoutMs: 30_000 });
      await eventually(async () => expect(await metric('posthorn_network_out')).toBe(0), {
        timeoutMs: 30_000,
      });
      await expectAllActive();
      const most = await mostAttempts();
      const excused = await metric('posthorn_attempts_excused_total{reason="network"}');
      console.log(
        `${how}: all there ${seconds.toFixed(1)} s after; attempts excused ${excused}, of one delivery ${most - 1}`,
      );
      expect(most).toBeLessThanOrEqual(4);
      expect(engine.log).toContain('network.out');
      expect(engine.log).toContain('network.back');
      // A lookup takes up to five seconds, and so long the worker may rest between two looks.
      expect(seconds).toBeLessThan(20);
    },
  );

  it('one that dies is paused as always', async () => {
    const [dead] = receivers;
    dead?.closeAllConnections();
    dead?.close();
    await publish(2 * MORE);
    await eventually(
      async () => {
        const found = await engine.ok('GET', engine.path(`/subscriptions/${subscriptions[0] ?? ''}`));
        expect(found).toMatchObject({ status: 'paused', pausedReason: 'failures' });
      },
      { timeoutMs: 30_000 },
    );
    await eventually(() => expect(received.slice(1)).toEqual(Array(HOSTS - 1).fill(2 * MORE + 1)), {
      timeoutMs: 30_000,
    });
    expect(await metric('posthorn_network_outages_total')).toBe(0);
  });
});
