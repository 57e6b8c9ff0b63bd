import { AttemptFailure } from '../../src/outbound/attempt-outcome.js';
import { connectAny, interleaved, staggerMs } from '../../src/outbound/happy-eyeballs.js';
import { eventually } from '../support/condition.js';
import { refusedPort } from '../support/receiver.js';
import { nameServer, receiver, send, sender } from '../support/sending.js';
import { startSilentAddress } from '../support/silent-address.js';

const REFUSED = new AttemptFailure('connection_refused', 'refused');

/** Nothing ever comes of it but its end. */
function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(REFUSED)));
}

describe('the order of addresses', () => {
  it.each([
    [
      ['1.1.1.1', '2.2.2.2'],
      ['1.1.1.1', '2.2.2.2'],
    ],
    [
      ['1.1.1.1', '2.2.2.2', '3.3.3.3', '::a', '::b'],
      ['::a', '1.1.1.1', '::b', '2.2.2.2', '3.3.3.3'],
    ],
    [
      ['::a', '::b', '::c', '1.1.1.1'],
      ['::a', '1.1.1.1', '::b', '::c'],
    ],
    [[], []],
  ])('of %j is %j', (given, order) => {
    expect(interleaved(given)).toEqual(order);
  });
});

it.each([
  [2, 30_000, 250],
  [5, 3_000, 250],
  [5, 1_000, 125],
  [64, 1_000, 10],
  [6, Infinity, 250],
])('of %i addresses within %i ms one is tried each %i ms', (addresses, limitMs, stagger) => {
  expect(staggerMs(addresses, limitMs)).toBe(stagger);
});

describe('opening any of several addresses', () => {
  const never = new AbortController().signal;

  it('tries the next at once when one fails, and tells the most telling failure of all', async () => {
    const tried: string[] = [];
    const startedAt = performance.now();
    const opening = connectAny(
      ['a', 'b', 'c', 'd', 'e', 'f'],
      (address) => {
        tried.push(address);
        const code =
          address === 'c'
            ? REFUSED
            : new AttemptFailure('connection_refused', 'There is no network route to the endpoint.');
        return Promise.reject<{ destroy(): void }>(code);
      },
      never,
    );
    await expect(opening).rejects.toBe(REFUSED);
    expect(tried).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(performance.now() - startedAt).toBeLessThan(240);
  });

  it('tries them beside each other when they take long, and gives up the losers', async () => {
    const startedAt: number[] = [];
    const given: AbortSignal[] = [];
    const winner = { destroy: () => undefined };
    const { won, address } = await connectAny(
      ['a', 'b', 'c', 'd'],
      (name, signal) => {
        startedAt.push(performance.now());
        given.push(signal);
        return name === 'c' ? Promise.resolve(winner) : hang(signal);
      },
      never,
    );
    expect([won, address]).toEqual([winner, 'c']);
    expect(startedAt).toHaveLength(3);
    for (const at of [1, 2]) expect((startedAt[at] ?? 0) - (startedAt[at - 1] ?? 0)).toBeGreaterThan(240);
    expect(given.every(({ aborted }) => aborted)).toBe(true);
  });

  it('destroys the second of two that are there in the same moment', async () => {
    const destroyed: string[] = [];
    const open: (() => void)[] = [];
    const opening = connectAny(
      ['a', 'b'],
      (name) =>
        new Promise<{ destroy(): void }>((resolve) => {
          open.push(() => resolve({ destroy: () => destroyed.push(name) }));
        }),
      never,
    );
    await eventually(() => open.length === 2);
    for (const one of open) one();
    expect((await opening).address).toBe('a');
    await eventually(() => expect(destroyed).toEqual(['b']));
  });

  it('ends with the attempt, and tries no more', async () => {
    const attempt = new AbortController();
    let tried = 0;
    const opening = connectAny(
      ['a', 'b', 'c'],
      (_, signal) => {
        tried += 1;
        if (tried === 2) setImmediate(() => attempt.abort());
        return hang(signal);
      },
      attempt.signal,
    );
    await expect(opening).rejects.toBe(REFUSED);
    expect(tried).toBe(2);
    await expect(
      connectAny(['a'], () => Promise.resolve({ destroy: () => undefined }), attempt.signal),
    ).rejects.toThrow();
  });
});

describe('a host with several addresses', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** Where nobody answers, at the receiver's port. */
  async function silent(hosts: string[], port: number): Promise<void> {
    for (const host of hosts) {
      const address = await startSilentAddress(host, port);
      closing.push(() => address.close());
    }
  }

  it('is reached at the fifth of them within a time limit of 3 s, and there at once the next time', async () => {
    const { port, requests } = await receiver(() => ({ headers: { connection: 'close' } }));
    await silent(['127.0.0.2', '127.0.0.3'], port);
    // Nobody listens at the fourth and the fifth.
    const names = await nameServer(
      () => ['127.0.0.2', '127.0.0.4', '127.0.0.3', '127.0.0.5', '127.0.0.1'],
      300,
    );
    const through = sender({ allowTargets: ['127.0.0.0/8'], nameServers: [names.address] });
    const url = `http://five.example:${port}/`;
    const first = await send(url, { timeoutMs: 3_000 }, through);
    expect(first).toMatchObject({ statusCode: 200, addressClass: 'loopback' });
    expect(first.timings.connect).toBeGreaterThan(490);
    const second = await send(url, { timeoutMs: 3_000 }, through);
    expect(second).toMatchObject({ statusCode: 200 });
    expect(second.timings.connect).toBeLessThan(240);
    expect(requests).toHaveLength(2);
  });

  it('is reached at the sixth of them within a time limit of 1 s', async () => {
    const { port } = await receiver();
    const dead = [2, 3, 4, 5, 6].map((n) => `127.0.0.${n}`);
    await silent(dead, port);
    const names = await nameServer(() => [...dead, '127.0.0.1'], 300);
    const through = sender({ allowTargets: ['127.0.0.0/8'], nameServers: [names.address] });
    const url = `http://six.example:${port}/`;
    expect(await send(url, { timeoutMs: 1_000 }, through)).toMatchObject({ statusCode: 200 });
  });

  it('is reached elsewhere when the address that was remembered has died', async () => {
    const moving = await receiver(() => ({ headers: { connection: 'close' } }));
    await silent(['127.0.0.2'], moving.port);
    const names = await nameServer(() => ['127.0.0.2', '127.0.0.1'], 300);
    const through = sender({ allowTargets: ['127.0.0.0/8'], nameServers: [names.address] });
    const url = `http://moved.example:${moving.port}/`;
    expect(await send(url, {}, through)).toMatchObject({ statusCode: 200 });
    await moving.close();
    expect(await send(url, { timeoutMs: 1_000 }, through)).toMatchObject({ errorCode: 'timeout' });
  });

  it('that all refuse is refused, and the guard looks at each of them', async () => {
    const names = await nameServer((name) =>
      name === 'none.example' ? ['127.0.0.2', '127.0.0.3', '127.0.0.4'] : ['127.0.0.2', '169.254.169.254'],
    );
    const through = sender({ allowTargets: ['127.0.0.0/8'], nameServers: [names.address] });
    const port = await refusedPort();
    expect(await send(`http://none.example:${port}/`, {}, through)).toMatchObject({
      errorCode: 'connection_refused',
    });
    expect(await send(`http://half.example:${port}/`, {}, through)).toMatchObject({
      errorCode: 'mixed_addresses',
    });
  });

  it('is reached by IPv4 where its IPv6 addresses lead nowhere', async () => {
    const { port } = await receiver();
    const names = await nameServer(() => ['127.0.0.1', '::1']);
    const through = sender({ allowTargets: ['127.0.0.0/8', '::1'], nameServers: [names.address] });
    expect(await send(`http://both.example:${port}/`, {}, through)).toMatchObject({ statusCode: 200 });
  });
});
