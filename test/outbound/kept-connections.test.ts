import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sender } from '../../src/outbound/sender.js';
import { eventually } from '../support/condition.js';
import {
  HABITS,
  reset,
  startDyingReceiver,
  startDyingServer,
  type DyingReceiver,
} from '../support/dying-receiver.js';
import { TEST_CA } from '../support/receiver.js';
import { rawReceiver, send, sender } from '../support/sending.js';
import { standStill, startDistantReceivers } from '../support/stall.js';

const RESENT = 'The reused connection was closed, so the request was sent again on a new one.';
const LARGE = Buffer.alloc(256 * 1024, 'x');

const ENDS: [string, (socket: Socket) => void][] = [
  ['a FIN', (socket) => socket.end()],
  ['a RST', reset],
  ['a closing while the request is being written', (socket) => socket.pause().destroy()],
];

const open: DyingReceiver[] = [];
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
});

async function dying(...args: Parameters<typeof startDyingReceiver>): Promise<DyingReceiver> {
  const receiver = await startDyingReceiver(...args);
  open.push(receiver);
  return receiver;
}

describe('a request on a kept connection that ends before a byte of an answer', () => {
  describe.each(ENDS)('with %s', (_, end) => {
    it.each([
      ['http', false, Buffer.from('{}')],
      ['http', false, LARGE],
      ['https', true, Buffer.from('{}')],
      ['https', true, LARGE],
    ])('is sent again on a new one: %s', async (_scheme, secure, body) => {
      const { url, connections, met } = await dying(end, { secure });
      const through = sender({ extraCa: [TEST_CA] });
      expect(await send(url, {}, through)).toMatchObject({ statusCode: 200, errorDetail: null });
      const outcome = await send(url, { body }, through);
      expect(outcome).toMatchObject({ statusCode: 200, errorCode: null, errorDetail: RESENT });
      expect(outcome.timings.connect).toBeGreaterThan(0);
      expect([connections.length, met()]).toEqual([2, 1]);
    });
  });

  it('is sent again once: what becomes of it then is what became of it', async () => {
    let alive = true;
    const first = (socket: Socket) => {
      if (alive) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      else socket.resetAndDestroy();
      alive = false;
    };
    const { url, connections } = await dying((socket) => socket.end(), { first });
    const through = sender();
    await send(url, {}, through);
    expect(await send(url, {}, through)).toMatchObject({
      ...{ statusCode: null, errorCode: 'connection_reset' },
      errorDetail: `The connection was closed before a response was received. ${RESENT}`,
    });
    expect(connections).toHaveLength(2);
  });

  // Servers with a time limit for idle connections, such as Apache's and load balancers, say so as they close them.
  it('and is answered with a 408 is sent again on a new one, once', async () => {
    let always = false;
    const answer = (head: string) => `HTTP/1.1 ${head}\r\ncontent-length: 0\r\n\r\n`;
    const gone = (socket: Socket) => socket.end(answer('408 Request Timeout\r\nconnection: close'));
    const first = (socket: Socket) => {
      if (always) gone(socket);
      else socket.write(answer('200 OK'));
    };
    const { url, connections } = await dying(gone, { first });
    const through = sender();
    expect((await send(url, {}, through)).statusCode).toBe(200);
    const again =
      'The endpoint had given up the reused connection (408), so the request was sent again on a new one.';
    expect(await send(url, {}, through)).toMatchObject({ statusCode: 200, errorDetail: again });
    expect(connections).toHaveLength(2);
    // What a new connection is answered with is the endpoint's answer.
    always = true;
    expect(await send(url, {}, through)).toMatchObject({ statusCode: 408, errorDetail: again });
    expect(connections).toHaveLength(3);
    expect(await send(url, {}, through)).toMatchObject({ statusCode: 408, errorDetail: null });
  });

  it('takes the idle ones to that endpoint along, and no others', async () => {
    const doomed = await dying((socket) => socket.end());
    const other = await rawReceiver((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
    const through = sender();
    await send(other.url, {}, through);
    await Promise.all(Array.from({ length: 8 }, () => send(doomed.url, {}, through)));
    expect(doomed.connections).toHaveLength(8);
    await send(doomed.url, {}, through);
    await eventually(() => expect(doomed.connections.filter(({ destroyed }) => destroyed)).toHaveLength(8));
    expect([doomed.connections.length, doomed.met()]).toEqual([9, 1]);
    await send(other.url, {}, through);
    expect(other.connections).toHaveLength(1);
  });

  it('never meets another dying one, however many are under way', async () => {
    const { url, connections, met } = await dying((socket, connection) =>
      connection < 12 ? setTimeout(() => socket.resetAndDestroy(), 5 * connection) : socket.destroy(),
    );
    const through = sender();
    await Promise.all(Array.from({ length: 12 }, () => send(url, {}, through)));
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => send(url, {}, through)));
    expect(outcomes.map(({ statusCode, errorDetail }) => [statusCode, errorDetail])).toEqual(
      Array(12).fill([200, RESENT]),
    );
    expect([connections.length, met()]).toEqual([24, 12]);
  });

  it('is sent twice no more once an endpoint has ended two in a row: its connections are not kept', async () => {
    const { url, connections, met } = await dying((socket) => socket.end());
    const through = sender();
    for (let n = 0; n < 10; n += 1) expect((await send(url, {}, through)).statusCode).toBe(200);
    expect([connections.length, met()]).toEqual([10, 2]);
  });

  it('has one deadline for both', async () => {
    const thinksMs = 300;
    let answered = 0;
    const first = (socket: Socket) => {
      answered += 1;
      if (answered === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    };
    const { url } = await dying((socket) => setTimeout(() => socket.end(), thinksMs), { first });
    const through = sender();
    await send(url, {}, through);
    const outcome = await send(url, { timeoutMs: 500 }, through);
    expect(outcome).toMatchObject({ statusCode: null, errorCode: 'timeout' });
    expect(outcome.timings.total).toBeLessThan(780);
  });

  it('is not sent again when the sender stops', async () => {
    const { url, connections, met } = await dying(() => undefined);
    const through = new Sender({ allowTargets: ['127.0.0.1'] });
    await send(url, {}, through);
    const pending = send(url, {}, through);
    await eventually(() => met() === 1);
    through.close();
    expect(await pending).toMatchObject({ errorCode: 'interrupted' });
    expect(connections).toHaveLength(1);
  });
});

describe('a request is not sent again', () => {
  it('on a connection that was opened for it', async () => {
    const { url, connections } = await rawReceiver((socket) => socket.end());
    expect(await send(url)).toMatchObject({ errorCode: 'connection_reset' });
    expect(connections).toHaveLength(1);
  });

  it.each([
    ['an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n', 'connection_reset'],
    ['a part of a status line', 'HTTP/1.1 2', 'connection_reset'],
    ['nonsense', 'nonsense', 'protocol_error'],
  ])('after %s', async (_, bytes, errorCode) => {
    const { url, connections } = await dying((socket) => socket.end(bytes));
    const through = sender();
    await send(url, {}, through);
    expect(await send(url, {}, through)).toMatchObject({ statusCode: null, errorCode });
    expect(connections).toHaveLength(1);
  });

  it('after a time-out, but the other idle connections are given up', async () => {
    const { url, connections } = await dying(() => undefined);
    const through = sender();
    await Promise.all(Array.from({ length: 4 }, () => send(url, {}, through)));
    expect(await send(url, { timeoutMs: 100 }, through)).toMatchObject({ errorCode: 'timeout' });
    await eventually(() => expect(connections.every(({ destroyed }) => destroyed)).toBe(true));
    expect(await send(url, {}, through)).toMatchObject({ statusCode: 200, errorDetail: null });
  });
});

describe.each(Object.keys(HABITS))('a receiver that ends its connections (%s)', (habit) => {
  it.each([false, true])('gets every request, TLS: %s', async (secure) => {
    const { url, heard, close } = await startDyingServer(habit, secure);
    const through = sender({ extraCa: [TEST_CA], allowTargets: ['127.0.0.0/8', '::1'] });
    const ids = Array.from({ length: 100 }, (_, n) => `evt_${n}`);
    const sent: Promise<unknown>[] = [];
    for (const [n, id] of ids.entries()) {
      const headers = [['webhook-id', id]] as const;
      sent.push(send(url, { headers, timeoutMs: 20_000 }, through));
      // Some at once, then a pause, which is sometimes longer than some receivers have patience.
      if (n % 10 === 9) await sleep(Math.min(2 * (n % 30), 50));
    }
    const outcomes = (await Promise.all(sent)) as Awaited<ReturnType<typeof send>>[];
    expect(new Set(outcomes.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(new Set(heard)).toEqual(new Set(ids));
    await close();
  });
});

describe('connections', () => {
  it('are shared by the requests of one space only', async () => {
    const { url, connections } = await rawReceiver((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
    );
    const through = sender();
    for (const spaceId of ['a', 'b', 'a', 'b', 'c', 'a']) await send(url, { spaceId }, through);
    expect(connections).toHaveLength(3);
  });

  // Node says a turn after the other that it has sent what goes through TLS: on a busy machine the response is there
  // before. Each such connection was closed, and the next request began with a handshake.
  it('with TLS carry the next request also when the response was faster than that news', async () => {
    const { urls, close } = await startDistantReceivers();
    const through = sender({ extraCa: [TEST_CA], allowTargets: ['127.0.0.0/8', '::1'] });
    const opened: (number | null)[] = [];
    for (let n = 0; n < 4; n += 1) {
      const fast = new Promise<ReturnType<typeof send>>((resolve) => {
        setImmediate(() => resolve(send(urls.secure, {}, through)));
        // In the same phase of this turn, right after the write.
        setImmediate(() => standStill(100));
      });
      opened.push((await fast).timings.connect);
    }
    await close();
    expect(opened).toEqual([expect.any(Number), null, null, null]);
  });
});
