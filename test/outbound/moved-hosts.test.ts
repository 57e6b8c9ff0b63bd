import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Sender } from '../../src/outbound/sender.js';
import { eventually } from '../support/condition.js';
import { nameServer, send, sender } from '../support/sending.js';

const OLD = '127.0.0.2';
const NEW = '127.0.0.3';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

interface Host {
  port: number;
  requests: number;
  isSilent: boolean;
  /** Refuses connections from now on, and resets those that there are. */
  die(): Promise<void>;
}

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) if (server.listening) await closed(server);
});

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

async function host(address: string, port = 0): Promise<Host> {
  const own = new Set<Socket>();
  const state = { requests: 0, isSilent: false };
  const server = createServer((socket) => {
    sockets.add(socket);
    own.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', () => {
      state.requests += 1;
      if (!state.isSilent) socket.write(OK);
    });
  });
  servers.push(server);
  server.listen(port, address);
  await once(server, 'listening');
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    async die() {
      server.close();
      for (const socket of own) socket.resetAndDestroy();
      await once(server, 'close');
    },
  });
}

/** A name with a TTL of 300 s that leads to `old` with kept connections, before its addresses change. */
async function keptAtOld(connections: number, options: { isMoved?: boolean } = {}) {
  let addresses = [OLD];
  const names = await nameServer(() => addresses, 300);
  const old = await host(OLD);
  const young = await host(NEW, old.port);
  const through = sender({ allowTargets: ['127.0.0.0/8'], nameServers: [names.address] });
  const url = `http://moves.example:${old.port}/`;
  await all(connections, url, through);
  // A lookup counts as new for a second.
  const from = performance.now();
  await eventually(() => expect(performance.now() - from).toBeGreaterThan(1_050));
  addresses = options.isMoved === false ? [OLD] : [NEW];
  return { names, old, young, through, url, point: (to: string[]) => (addresses = to) };
}

function all(count: number, url: string, through: Sender, timeoutMs = 5_000) {
  return Promise.all(Array.from({ length: count }, () => send(url, { timeoutMs }, through)));
}

describe('a host name whose addresses change while connections are kept', () => {
  it('and whose old address refuses: the same attempts reach the new one, with one lookup', async () => {
    const { names, old, young, through, url } = await keptAtOld(12);
    await old.die();
    const asked = names.questions.length;
    const outcomes = await all(12, url, through);
    expect(outcomes.map(({ statusCode }) => statusCode)).toEqual(Array(12).fill(200));
    expect(young.requests).toBe(12);
    expect(names.questions.length - asked).toBe(2);
  });

  it('and whose old address is silent: that is not the endpoint’s failure, and the next attempts get there', async () => {
    const { old, young, through, url } = await keptAtOld(12);
    old.isSilent = true;
    const outcomes = await all(12, url, through, 300);
    expect(outcomes).toEqual(
      Array(12).fill(expect.objectContaining({ statusCode: null, errorCode: 'interrupted' })),
    );
    expect(outcomes[0]?.errorDetail).toMatch(/has no more/);
    expect(outcomes[0]?.errorDetail).not.toMatch(/127\./);
    expect((await all(12, url, through)).map(({ statusCode }) => statusCode)).toEqual(Array(12).fill(200));
    expect(young.requests).toBe(12);
  });

  it('is looked up once by a check of a host that cannot be reached, which always looks anew', async () => {
    const { names, old, through, url } = await keptAtOld(1, { isMoved: false });
    await old.die();
    const asked = names.questions.length;
    expect(await through.canConnect(url, 1_000)).toBe(false);
    // Once for each family.
    expect(names.questions.length - asked).toBe(2);
  });

  it('a silent address that the name still has fails as always', async () => {
    const { old, through, url } = await keptAtOld(1, { isMoved: false });
    old.isSilent = true;
    expect(await send(url, { timeoutMs: 300 }, through)).toMatchObject({ errorCode: 'timeout' });
  });

  it('to an allowed and a forbidden one: neither is tried, and the next attempt asks again', async () => {
    const { old, young, through, url, point } = await keptAtOld(1);
    point([NEW, '10.1.2.3']);
    await old.die();
    expect(await send(url, {}, through)).toMatchObject({ errorCode: 'connection_refused' });
    expect(await send(url, {}, through)).toMatchObject({ errorCode: 'mixed_addresses' });
    expect(young.requests).toBe(0);
    point([NEW]);
    await eventually(async () => expect(await send(url, {}, through)).toMatchObject({ statusCode: 200 }));
  });
});
