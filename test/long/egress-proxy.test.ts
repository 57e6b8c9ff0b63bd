import { parseEgressProxy } from '../../src/core/egress-proxy.js';
import { eventually, staysSo } from '../support/condition.js';
import { startHttpProxy, type EgressProxyServer, type ProxyOptions } from '../support/egress-proxies.js';
import { refusedPort } from '../support/receiver.js';
import { Scrape } from '../support/scrape.js';
import { useStory } from '../support/story.js';

const LOGIN = { username: 'proxy-user', password: 'proxy-password' };

describe('an engine behind an egress proxy', () => {
  let proxy: EgressProxyServer;
  let port: number;
  const settings = {
    get egressProxy() {
      return parseEgressProxy(`http://${LOGIN.username}:${LOGIN.password}@127.0.0.1:${port}`);
    },
    retrySchedule: [0, 0],
    pauseAfter: 1,
  };
  // Before the engine, which reads the port.
  beforeEach(async () => {
    port = await refusedPort();
    await start();
  });
  const { engine, tenant, receiver } = useStory({ engineFor: 'test', settings });
  afterEach(() => proxy.close());

  async function start(options: ProxyOptions = { login: LOGIN }): Promise<void> {
    proxy = await startHttpProxy({ ...options, port });
  }

  const publish = (data: object) => tenant.publish({ type: 'lead.create', data });

  async function errorsOf(id: string): Promise<(string | null)[]> {
    const { attempts = [] } = await tenant.delivery(id);
    return attempts.map(({ errorCode }) => errorCode);
  }

  it('delivers through it', async () => {
    await tenant.subscribe(receiver.url);
    await publish({});
    await receiver.received(1);
    expect(proxy.asked).toEqual([`127.0.0.1:${receiver.port}`]);
  });

  it('judges no endpoint while the proxy is away, and goes on when it is back', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await publish({ n: 0 });
    await receiver.received(1);
    await proxy.close();
    for (let n = 1; n < 4; n += 1) await publish({ n });
    await eventually(async () => {
      const waiting = await tenant.deliveries('?status=pending');
      expect(waiting.some(({ lastError }) => lastError === 'proxy_unreachable')).toBe(true);
    });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
    await start();
    await receiver.received(4);
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0, lost: null });
    await eventually(async () => expect(await tenant.deliveries('?status=pending')).toEqual([]));
  });

  it('keeps what breaks off with the proxy from counting against the endpoint', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    receiver.answer = () => ({ delayMs: 1_000 });
    await publish({});
    await receiver.received(1);
    await proxy.close();
    await eventually(async () => {
      const [delivery] = await tenant.deliveries('?status=pending');
      expect(delivery?.lastError).toMatch(/^(interrupted|proxy_unreachable)$/);
    });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
  });

  it('waits for credentials that the proxy accepts', async () => {
    const before = await Scrape.of(engine.url);
    await proxy.close();
    await start({ login: { username: 'other', password: 'other' } });
    await tenant.subscribe(receiver.url);
    await publish({});
    await eventually(async () => {
      const [delivery] = await tenant.deliveries('?status=pending');
      expect(delivery?.lastError).toBe('proxy_auth_failed');
    });
    const excused = 'attempts_excused_total{reason="proxy"}';
    expect((await Scrape.of(engine.url)).since(before, excused)).toBeGreaterThan(0);
    await proxy.close();
    await start();
    await receiver.received(1);
    const [delivery] = await tenant.deliveries();
    expect(JSON.stringify(await tenant.delivery(delivery?.id ?? ''))).not.toContain(LOGIN.password);
  });

  describe('that answers 502', () => {
    /** Endpoints on hosts of their own, which the proxy connects to the receiver. */
    const subscribe = async (...hosts: string[]) => {
      const rules = { pauseAfter: 5, retrySchedule: [0, 0, 0, 0, 0, 0] };
      const made: string[] = [];
      for (const host of hosts)
        made.push((await tenant.subscribe(receiver.url.replace('127.0.0.1', host), rules)).id);
      return made;
    };
    const states = async (ids: string[]) =>
      new Set(await Promise.all(ids.map(async (id) => (await tenant.subscription(id)).status)));

    beforeEach(async () => {
      await proxy.close();
      await start({ login: LOGIN, connectTo: '127.0.0.1' });
      proxy.refuse = () => 502;
    });

    it('for three hosts before it has reached anybody: that is its failure, and all goes on with the first', async () => {
      const ids = await subscribe('127.0.0.1', '127.0.0.2', '127.0.0.3');
      for (let n = 0; n < 3; n += 1) await publish({ n });
      await eventually(async () => {
        const waiting = await tenant.deliveries('?status=pending');
        expect(waiting.filter(({ lastError }) => lastError === 'interrupted').length).toBeGreaterThan(2);
      });
      await staysSo(async () => expect(await states(ids)).toEqual(new Set(['active'])), {
        forMs: 1_500,
        because: 'the proxy is tested every half second and more: each would be the fifth failure soon',
      });
      proxy.refuse = () => undefined;
      await receiver.received(9);
      await eventually(async () => expect(await tenant.deliveries('?status=pending')).toEqual([]));
      expect(await states(ids)).toEqual(new Set(['active']));
    });

    it('for two hosts: they are judged', async () => {
      const ids = await subscribe('127.0.0.1', '127.0.0.2');
      await publish({});
      await eventually(async () => expect(await states(ids)).toEqual(new Set(['paused'])));
    });

    it('for three hosts after it has reached another: they are judged', async () => {
      proxy.refuse = (target) => (target.startsWith('127.0.0.4:') ? undefined : 502);
      await subscribe('127.0.0.4');
      await publish({});
      await receiver.received(1);
      const ids = await subscribe('127.0.0.1', '127.0.0.2', '127.0.0.3');
      await publish({});
      await eventually(async () => expect(await states(ids)).toEqual(new Set(['paused'])));
    });
  });

  it('uses up the schedule where the proxy forbids the endpoint, and pauses nothing', async () => {
    proxy.refuse = () => 403;
    const { id } = await tenant.subscribe(receiver.url);
    await publish({});
    const [delivery] = await eventually(async () => {
      const failed = await tenant.deliveries('?status=failed');
      expect(failed).toHaveLength(1);
      return failed;
    });
    expect(await errorsOf(delivery?.id ?? '')).toEqual(Array(3).fill('proxy_refused'));
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
    expect(engine.attempts).toHaveLength(3);
  });
});
