import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

/** A receiver that can go away and come back where it was. */
class Host {
  private server: Server | null = null;
  private sidecar: TcpServer | null = null;
  port = 0;
  received = 0;
  subscription = '';

  async up(): Promise<this> {
    await this.down();
    const server = createServer((request, response) => {
      this.received += 1;
      request.resume().on('end', () => response.end());
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Connections to it are accepted on the way, and closed since they lead nowhere. */
  async unreachableBehindSidecar(): Promise<void> {
    await this.down();
    this.sidecar = createTcpServer((socket) => socket.destroy());
    this.sidecar.listen(this.port, '127.0.0.1');
    await once(this.sidecar, 'listening');
  }

  async down(): Promise<void> {
    const { server, sidecar } = this;
    this.server = null;
    this.sidecar = null;
    if (sidecar !== null) {
      sidecar.close();
      await once(sidecar, 'close');
    }
    if (server === null) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

describe("when this worker's endpoints cannot be reached", () => {
  let hosts: Host[];
  const { engine, tenant } = useStory({ engineFor: 'test' });
  beforeEach(() => (hosts = []));
  afterEach(async () => {
    for (const host of hosts) await host.down();
  });

  /** Hosts that have answered once. One failure pauses each of them, and a schedule of one step is soon spent. */
  async function wellKnown(count: number, owner = tenant, names = ['127.0.0.1']): Promise<Host[]> {
    const added: Host[] = [];
    for (let n = 0; n < count; n += 1) {
      const host = await new Host().up();
      hosts.push(host);
      added.push(host);
      const rules = { pauseAfter: 1, retrySchedule: [3_600] };
      host.subscription = (
        await owner.subscribe(`http://${names[n % names.length]}:${host.port}/hook`, rules)
      ).id;
    }
    await owner.publish({ type: 'lead.create', data: {} });
    await eventually(() => expect(added.map(({ received }) => received)).toEqual(Array(count).fill(1)));
    await eventually(async () => expect(await owner.deliveries('?status=pending')).toEqual([]));
    return added;
  }

  const statusOf = async (host: Host, owner = tenant) => (await owner.subscription(host.subscription)).status;

  const metric = async (name: string) => {
    const { body } = await engine.call<string>('GET', '/metrics');
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(body)?.[1]);
  };

  it('all at once, nobody is judged: deliveries wait, spend nothing, and leave when one can be reached', async () => {
    const all = await wellKnown(5);
    for (const host of all) await host.down();
    for (let n = 0; n < 4; n += 1) await tenant.publish({ type: 'lead.create', data: { n } });
    await eventually(async () => {
      const pending = await tenant.deliveries('?status=pending&limit=100');
      expect(pending.filter(({ lastError }) => lastError === 'interrupted').length).toBeGreaterThanOrEqual(5);
    });
    for (const host of all)
      expect(await tenant.subscription(host.subscription)).toMatchObject({
        status: 'active',
        failureCount: 0,
      });
    // What is published meanwhile waits, too.
    await tenant.publish({ type: 'lead.create', data: { n: 4 } });
    for (const host of all) await host.up();
    await eventually(async () => {
      const deliveries = await tenant.deliveries('?limit=100');
      expect(deliveries.map(({ status }) => status)).toEqual(Array(30).fill('succeeded'));
      // Each was tried a few times at most, however long it lasted.
      expect(Math.max(...deliveries.map(({ attemptCount }) => attemptCount))).toBeLessThanOrEqual(3);
    });
    const deliveries = await tenant.deliveries('?limit=100');
    for (const { id, attemptCount } of deliveries) {
      if (attemptCount === 1) continue;
      const { attempts = [] } = await tenant.delivery(id);
      expect(attempts.map(({ errorCode }) => errorCode)).toEqual([
        ...Array<string>(attemptCount - 1).fill('interrupted'),
        null,
      ]);
    }
  });

  it.each<[string, (host: Host) => Promise<void>]>([
    ['refuse connections', (host) => host.down()],
    ['are cut off behind a sidecar that accepts all connections', (host) => host.unreachableBehindSidecar()],
  ])('all at once, after a restart, since they %s: nobody is judged', async (_how, lose) => {
    const all = await wellKnown(5);
    await engine.stopWorkers();
    for (const host of all) await lose(host);
    await engine.startWorker();
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(async () => {
      const pending = await tenant.deliveries('?status=pending&limit=100');
      expect(pending.map(({ lastError }) => lastError)).toEqual(Array(5).fill('interrupted'));
    });
    for (const host of all) expect(await statusOf(host)).toBe('active');
    for (const host of all) await host.up();
    await eventually(() => expect(all.map(({ received }) => received)).toEqual(Array(5).fill(2)));
  });

  it('all at once, being two with different names, they wait as more would', async () => {
    const both = await wellKnown(2, tenant, ['127.0.0.1', 'localhost']);
    for (const host of both) await host.down();
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(async () => {
      const pending = await tenant.deliveries('?status=pending');
      expect(pending.map(({ lastError }) => lastError)).toEqual(['interrupted', 'interrupted']);
    });
    for (const host of both) expect(await statusOf(host)).toBe('active');
    for (const host of both) await host.up();
    await eventually(() => expect(both.map(({ received }) => received)).toEqual([2, 2]));
  });

  it('but for one in six, each that is back goes on at once', async () => {
    const [first, ...others] = await wellKnown(6);
    for (const host of others) await host.down();
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(() => expect(first?.received).toBe(2));
    await eventually(async () => {
      const pending = await tenant.deliveries('?status=pending&limit=100');
      expect(pending.map(({ lastError }) => lastError)).toEqual(Array(5).fill('interrupted'));
    });
    await others[0]?.up();
    await eventually(() => expect(others[0]?.received).toBe(2));
    for (const host of others) expect(await statusOf(host)).toBe('active');
  });

  it.each([
    [5, 1],
    [3, 2],
    [2, 2],
    [1, 1],
  ])('of %i endpoints %i is down: it is judged as always', async (count, dead) => {
    const all = await wellKnown(count);
    for (const host of all.slice(0, dead)) await host.down();
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(async () => {
      for (const [index, host] of all.entries())
        expect(await statusOf(host)).toBe(index < dead ? 'paused' : 'active');
    });
    for (const host of all.slice(dead)) expect(host.received).toBe(2);
  });

  it("one tenant's dead hosts, however many, suspend no judgement", async () => {
    const other = await Tenant.create(engine);
    await wellKnown(1, other);
    const all = await wellKnown(8);
    for (const host of all) await host.down();
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(async () => {
      for (const host of all) expect(await statusOf(host)).toBe('paused');
    });
  });

  it('and never were, they prove nothing', async () => {
    const [alive] = await wellKnown(1);
    for (let n = 0; n < 5; n += 1) {
      const host = await new Host().up();
      await host.down();
      host.subscription = (await tenant.subscribe(`http://127.0.0.1:${host.port}/`, { pauseAfter: 1 })).id;
      hosts.push(host);
    }
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(async () => {
      for (const host of hosts) expect(await statusOf(host)).toBe(host === alive ? 'active' : 'paused');
    });
  });

  it('an alarm says so in the metrics', async () => {
    const all = await wellKnown(3);
    const before = await metric('posthorn_network_outages_total');
    expect(await metric('posthorn_network_out')).toBe(0);
    for (const host of all) await host.down();
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(async () => expect(await metric('posthorn_network_out')).toBe(1));
    for (const host of all) await host.up();
    await eventually(async () => expect(await metric('posthorn_network_out')).toBe(0));
    expect(await metric('posthorn_network_outages_total')).toBe(before + 1);
    expect(await metric('posthorn_attempts_excused_total{reason="network"}')).toBeGreaterThanOrEqual(3);
  });
});
