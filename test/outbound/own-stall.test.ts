import { Logger } from '@nestjs/common';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { isOwnStall } from '../../src/core/own-stall.js';
import type { Sender } from '../../src/outbound/sender.js';
import { eventually } from '../support/condition.js';
import { TEST_CA } from '../support/receiver.js';
import { nameServer, send, sender } from '../support/sending.js';
import { standStill, startDistantReceivers, type DistantReceivers } from '../support/stall.js';

const STALL_MS = 700;
const TIMEOUT_MS = 400;

describe('a deadline that passes while this process stands still', () => {
  let urls: DistantReceivers;
  let asked: () => number;
  let close: () => Promise<unknown>;
  let through: Sender;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    ({ urls, asked, close } = await startDistantReceivers());
  });
  afterAll(() => close());
  beforeEach(() => (through = sender({ extraCa: [TEST_CA] })));

  const at = (url: string, thinksMs: number) => url.replace('/hook', `/hook/${thinksMs}`);
  const post = (url: string, timeoutMs = TIMEOUT_MS) => send(url, { timeoutMs }, through);

  /** Sends a request, and waits until it has arrived. */
  async function underWay(url: string): Promise<() => ReturnType<typeof post>> {
    const before = asked();
    const outcome = post(url);
    await eventually(() => asked() > before);
    return () => outcome;
  }

  describe.each(['plain', 'secure'] as const)('%s', (way) => {
    it('is not judged before the answers in the sockets are read', async () => {
      const url = at(urls[way], 200);
      await Promise.all(Array.from({ length: 20 }, () => post(url)));
      const outcomes = Array.from({ length: 20 }, () => post(url));
      // Requests on open connections leave at the end of this turn.
      await turn();
      standStill(STALL_MS);
      for (const outcome of await Promise.all(outcomes))
        expect(outcome).toMatchObject({ statusCode: 200, errorCode: null, truncated: false });
    });

    it.each([0, 2])('gives a connection time that was %i turns under way', async (turns) => {
      const outcome = post(at(urls[way], 200));
      for (let n = 0; n < turns; n += 1) await turn();
      standStill(STALL_MS);
      expect(await outcome).toMatchObject({ statusCode: 200 });
    });
  });

  it('gives a name time that was being looked up', async () => {
    const names = await nameServer(() => ['127.0.0.1']);
    through = sender({ nameServers: [names.address] });
    const outcome = post(at(urls.plain, 100).replace('127.0.0.1', 'example.test'));
    standStill(STALL_MS);
    expect(await outcome).toMatchObject({ statusCode: 200 });
  });

  it('gives an answer time whose body was on its way', async () => {
    const outcome = await underWay(urls.slowBody);
    standStill(STALL_MS);
    expect(await outcome()).toMatchObject({ statusCode: 200, truncated: false });
  });

  it('still comes for an endpoint that hangs, and says how long we stood still', async () => {
    const outcome = post(urls.hanging);
    await turn();
    standStill(STALL_MS);
    const { errorCode, stalledMs, timings } = await outcome;
    expect(errorCode).toBe('timeout');
    expect(stalledMs).toBeGreaterThan(STALL_MS - 300);
    expect(timings.total).toBeGreaterThan(STALL_MS);
    expect(timings.total).toBeLessThan(STALL_MS + 3 * TIMEOUT_MS);
  });

  it('comes on time for who hangs while nothing stands still, and is no stall', async () => {
    const { errorCode, stalledMs, timings } = await post(urls.hanging);
    expect(errorCode).toBe('timeout');
    expect(isOwnStall(errorCode, stalledMs, TIMEOUT_MS)).toBe(false);
    expect(timings.total).toBeGreaterThanOrEqual(TIMEOUT_MS - 2);
  });

  it('is fair through many short stalls, and comes in the end', async () => {
    const good = post(at(urls.plain, 100), 200);
    const bad = post(urls.hanging, 200);
    const judged: unknown[] = [];
    for (const one of [good, bad]) void one.then((outcome) => judged.push(outcome));
    let stalls = 0;
    for (; stalls < 30 && judged.length < 2; stalls += 1) {
      standStill(100);
      await sleep(5);
    }
    expect(await good).toMatchObject({ statusCode: 200 });
    expect(await bad).toMatchObject({ errorCode: 'timeout' });
    // In stalls, not in milliseconds: a busy machine adds its own.
    expect(stalls).toBeLessThan(10);
  });

  it('tells of a connection that the other side gave up meanwhile', async () => {
    const outcome = await underWay(urls.impatient);
    standStill(STALL_MS);
    const { errorCode, stalledMs } = await outcome();
    expect(errorCode).toBe('connection_reset');
    expect(isOwnStall(errorCode, stalledMs, TIMEOUT_MS)).toBe(true);
  });
});

describe('an end that a stall may have caused', () => {
  it.each([
    ['timeout', 1_000, 5_000, true],
    ['timeout', 999, 5_000, false],
    ['timeout', 500, 1_000, true],
    ['timeout', 499, 1_000, false],
    ['connection_reset', 7_000, 5_000, true],
    ['tls_error', 7_000, 5_000, true],
    ['dns_error', 7_000, 5_000, true],
    ['connection_refused', 7_000, 5_000, false],
    ['protocol_error', 7_000, 5_000, false],
    ['blocked_address', 7_000, 5_000, false],
    [null, 7_000, 5_000, false],
  ] as const)('%s after a stall of %i ms, of %i ms allowed: %s', (errorCode, stalledMs, timeoutMs, ours) => {
    expect(isOwnStall(errorCode, stalledMs, timeoutMs)).toBe(ours);
  });
});
