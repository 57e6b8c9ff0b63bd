import { Sender } from '../../src/outbound/sender.js';
import { eventually, staysSo } from '../support/condition.js';
import { nameServer, rawReceiver, receiver, send, sender } from '../support/sending.js';

describe('the address guard', () => {
  it('opens no private address that is not allowed, and tells nothing about it', async () => {
    const { port, requests } = await receiver();
    const through = sender({ allowTargets: [] });
    for (const host of [
      '127.0.0.1',
      'localhost',
      'app.localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
    ]) {
      const outcome = await send(`http://${host}:${port}/`, {}, through);
      expect(outcome).toMatchObject({ statusCode: null, errorCode: 'blocked_address', addressClass: null });
      expect(outcome.errorDetail).not.toMatch(/\d|::/);
    }
    expect(requests).toHaveLength(0);
  });

  it('lets a request to the engine itself pass, and no other one over the same connection', async () => {
    const { port, requests } = await receiver();
    const own = `http://127.0.0.1:${port}/test-receiver/x`;
    const through = sender({ allowTargets: [], isOwn: (url) => url === own });
    expect(await send(own, {}, through)).toMatchObject({ statusCode: 200 });
    // The connection is open and idle now.
    expect(await send(`http://127.0.0.1:${port}/v1/spaces`, {}, through)).toMatchObject({
      errorCode: 'blocked_address',
    });
    expect(await send(own, {}, through)).toMatchObject({ statusCode: 200 });
    expect(requests.map(({ path, remotePort }) => [path, remotePort])).toEqual(
      Array(2).fill(['/test-receiver/x', requests[0]?.remotePort]),
    );
  });

  it('never opens the addresses that hand out credentials, whatever is allowed', async () => {
    const through = sender({ allowTargets: ['0.0.0.0/0', '::/0'] });
    for (const host of ['169.254.169.254', '100.100.100.200', '[fd00:ec2::254]', '[64:ff9b::a9fe:a9fe]']) {
      expect(await send(`http://${host}/`, {}, through)).toMatchObject({ errorCode: 'blocked_address' });
    }
  });

  it('resolves a name and refuses it as a whole when one of its addresses is not permitted', async () => {
    const { port, requests } = await receiver();
    const names = await nameServer((name) => {
      if (name === 'good.example') return ['127.0.0.1'];
      if (name === 'mixed.example') return ['127.0.0.1', '127.0.0.2'];
      if (name === 'mixed6.example') return ['127.0.0.1', 'fd00::1'];
      return name === 'metadata.example' ? ['169.254.169.254'] : null;
    });
    const through = sender({ nameServers: [names.address] });
    const good = await send(`http://good.example:${port}/`, {}, through);
    expect(good).toMatchObject({ statusCode: 200, addressClass: 'loopback' });
    expect(good.timings.dns).toBeGreaterThan(0);
    expect(requests[0]?.headers.host).toBe(`good.example:${port}`);
    for (const name of ['mixed.example', 'mixed6.example']) {
      const outcome = await send(`http://${name}:${port}/`, {}, through);
      expect(outcome).toMatchObject({ statusCode: null, errorCode: 'mixed_addresses', addressClass: null });
      expect(outcome.errorDetail).not.toMatch(/\d|::/);
    }
    expect(await send(`http://metadata.example:${port}/`, {}, through)).toMatchObject({
      ...{ statusCode: null, errorCode: 'blocked_address' },
    });
    expect(requests).toHaveLength(1);
  });

  it('looks at a name soon again whose addresses were mixed', async () => {
    const { port } = await receiver();
    let addresses = ['127.0.0.1', '10.0.0.1'];
    const names = await nameServer(() => addresses, 300);
    const through = sender({ nameServers: [names.address] });
    const url = `http://passing.example:${port}/`;
    expect(await send(url, {}, through)).toMatchObject({ errorCode: 'mixed_addresses' });
    addresses = ['127.0.0.1'];
    await eventually(async () => expect(await send(url, {}, through)).toMatchObject({ statusCode: 200 }));
  });

  it('looks at a name again once its answer is old, so a name that turns inwards is refused', async () => {
    const { port } = await receiver(() => ({ headers: { connection: 'close' } }));
    let address = '127.0.0.1';
    const names = await nameServer(() => [address]);
    const through = sender({ nameServers: [names.address] });
    expect(await send(`http://turns.example:${port}/`, {}, through)).toMatchObject({ statusCode: 200 });
    address = '10.0.0.1';
    await eventually(async () => {
      const outcome = await send(`http://turns.example:${port}/`, {}, through);
      expect(outcome.errorCode).toBe('blocked_address');
    });
  });
});

describe('name resolution', () => {
  it('fails with a DNS error for a name that does not exist', async () => {
    const names = await nameServer(() => null);
    const through = sender({ nameServers: [names.address] });
    expect(await send('http://nowhere.example/', {}, through)).toMatchObject({ errorCode: 'dns_error' });
    expect(await send('http://nowhere.invalid/', {}, through)).toMatchObject({ errorCode: 'dns_error' });
    expect(names.questions).not.toContain('nowhere.invalid');
  });

  it('does not wait long for the other family', async () => {
    const { port } = await receiver();
    const names = await nameServer((_, family) => (family === 4 ? ['127.0.0.1'] : 'silent'));
    const outcome = await send(`http://half.example:${port}/`, {}, sender({ nameServers: [names.address] }));
    expect(outcome.statusCode).toBe(200);
    expect(outcome.timings.dns).toBeLessThan(1_500);
  });

  it('is within the deadline', async () => {
    const names = await nameServer(() => 'silent');
    const outcome = await send(
      'http://silent.example/',
      { timeoutMs: 300 },
      sender({ nameServers: [names.address] }),
    );
    expect(outcome).toMatchObject({ errorCode: 'timeout' });
    expect(outcome.timings.total).toBeLessThan(2_000);
  });

  it('is shared by requests that need the same name at once', async () => {
    const { port } = await receiver();
    const names = await nameServer(() => ['127.0.0.1']);
    const through = sender({ nameServers: [names.address] });
    const url = `http://shared.example:${port}/`;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(url, {}, through)));
    expect(outcomes.every((outcome) => outcome.statusCode === 200)).toBe(true);
    expect(names.questions).toHaveLength(2);
  });

  it.each([
    ['servfail', 'servfail', 'The host name could not be looked up: the name servers failed (SERVFAIL).'],
    [
      'refused',
      'refused',
      'The host name could not be looked up: the name servers refused the query (REFUSED).',
    ],
    [null, null, 'The host name does not exist.'],
    [[], [], 'The host name has no address.'],
    [
      'servfail',
      [],
      'The host name could not be looked up. IPv4 address: the name servers failed (SERVFAIL). IPv6 address: there is none.',
    ],
    [
      [],
      'servfail',
      'The host name could not be looked up. IPv4 address: there is none. IPv6 address: the name servers failed (SERVFAIL).',
    ],
    [
      'refused',
      null,
      'The host name could not be looked up. ' +
        'IPv4 address: the name servers refused the query (REFUSED). IPv6 address: the name does not exist.',
    ],
  ] as const)('tells what became of each family (%j, %j)', async (four, six, sentence) => {
    const names = await nameServer((_, family) => {
      const given = family === 4 ? four : six;
      return typeof given === 'string' || given === null ? given : [...given];
    });
    const outcome = await send('http://fails.example/', {}, sender({ nameServers: [names.address] }));
    expect(outcome).toMatchObject({ errorCode: 'dns_error', errorDetail: sentence });
  });

  it('tells of a family whose answer never came', async () => {
    const names = await nameServer((_, family) => (family === 4 ? 'silent' : []));
    const through = sender({ nameServers: [names.address] });
    expect(await send('http://late.example/', { timeoutMs: 20_000 }, through)).toMatchObject({
      errorCode: 'dns_error',
      errorDetail:
        'The host name could not be looked up. ' +
        'IPv4 address: the name servers did not respond in time. IPv6 address: there is none.',
    });
  }, 20_000);
});

describe('connections', () => {
  it('are used again, and then have no opening times', async () => {
    const { url, requests } = await receiver();
    const through = sender();
    const first = await send(url, {}, through);
    const second = await send(url, {}, through);
    expect(requests[1]?.remotePort).toBe(requests[0]?.remotePort);
    expect(first.timings.connect).toBeGreaterThan(0);
    expect(second.timings).toMatchObject({ dns: null, connect: null, tls: null });
    expect(second.addressClass).toBe('loopback');
  });

  it('stay few, also where answers close them', async () => {
    const { url, requests } = await receiver(({ path }) =>
      path === '/close' ? { headers: { connection: 'close' } } : {},
    );
    const through = sender();
    for (let index = 0; index < 5; index += 1) await send(new URL('/close', url).href, {}, through);
    for (let index = 0; index < 20; index += 1) await send(url, {}, through);
    expect(new Set(requests.map((request) => request.remotePort)).size).toBeLessThanOrEqual(6);
  });

  it('carry one request at a time', async () => {
    const { url, requests } = await receiver(() => ({ delayMs: 50 }));
    const through = sender();
    await Promise.all(Array.from({ length: 10 }, () => send(url, {}, through)));
    expect(new Set(requests.map((request) => request.remotePort)).size).toBe(10);
  });

  it('that a burst leaves idle are closed one after the other, but for the last sixteen', async () => {
    const { url, connections } = await rawReceiver((socket) => {
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'), 50);
    });
    const through = sender();
    await Promise.all(Array.from({ length: 40 }, () => send(url, {}, through)));
    expect(connections).toHaveLength(40);
    const closedAt: number[] = [];
    for (const socket of connections) socket.once('close', () => closedAt.push(performance.now()));
    await eventually(() => expect(closedAt).toHaveLength(24));
    await staysSo(() => expect(closedAt).toHaveLength(24), {
      forMs: 300,
      because: 'the others are closed within 100 ms of each other, the last sixteen after 4 s',
    });
    expect((closedAt.at(-1) ?? 0) - (closedAt[0] ?? 0)).toBeGreaterThan(300);
  });

  it('are kept for as long as the receiver says, and closed a little earlier', async () => {
    const answer = (timeout: number) =>
      `HTTP/1.1 200 OK\r\nkeep-alive: timeout=${timeout}\r\ncontent-length: 0\r\n\r\n`;
    const { url, connections } = await rawReceiver((socket) => socket.write(answer(3)));
    const through = sender();
    await send(url, {}, through);
    const isOpen = () => expect(connections[0]?.destroyed).toBe(false);
    await staysSo(isOpen, { forMs: 1_000, because: 'it is closed after two seconds' });
    await send(url, {}, through);
    const from = performance.now();
    expect(connections).toHaveLength(1);
    await staysSo(isOpen, { forMs: 1_000, because: 'its time begins anew with each answer' });
    await eventually(() => connections[0]?.destroyed);
    expect(performance.now() - from).toBeLessThan(3_000);
    const short = await rawReceiver((socket) => socket.write(answer(1)));
    await send(short.url, {}, through);
    await eventually(() => short.connections[0]?.destroyed);
  });

  it('on which more comes than an answer are not used again', async () => {
    const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    for (const late of [false, true]) {
      const { url, connections } = await rawReceiver((socket) => {
        socket.write(late ? ok : ok + ok);
        if (late) setTimeout(() => socket.write('HTTP/1.1 500 Forged\r\n\r\n'), 20);
      });
      const through = sender();
      expect(await send(url, {}, through)).toMatchObject({ statusCode: 200, truncated: false });
      await eventually(() => connections[0]?.destroyed);
      expect(await send(url, {}, through)).toMatchObject({ statusCode: 200 });
      expect(connections).toHaveLength(2);
    }
  });

  it('that still hold the rest of a request which was answered early are not used again', async () => {
    const { url, connections } = await rawReceiver((socket) => {
      socket.pause();
      socket.write('HTTP/1.1 413 Too Much\r\ncontent-length: 0\r\n\r\n');
    }, 'connect');
    const through = sender();
    const body = Buffer.alloc(32 * 1024 * 1024);
    expect(await send(url, { body }, through)).toMatchObject({ statusCode: 413, truncated: false });
    expect(await send(url, { body }, through)).toMatchObject({ statusCode: 413 });
    expect(connections).toHaveLength(2);
  });

  it('serve so many requests and are then opened anew', async () => {
    const { url, requests } = await receiver();
    const through = sender();
    for (let n = 0; n < 1_001; n += 1) await send(url, {}, through);
    const ports = new Set(requests.map(({ remotePort }) => remotePort));
    expect([2, 3]).toContain(ports.size);
  });

  it('that died while idle do not fail the next request', async () => {
    const { url, connections } = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
    const through = sender();
    await send(url, {}, through);
    connections[0]?.end();
    await eventually(() => connections[0]?.destroyed);
    expect(await send(url, {}, through)).toMatchObject({ statusCode: 200 });
  });
});

describe('breaking off', () => {
  it('by closing the sender interrupts what is under way and refuses what comes later', async () => {
    const { url, connections } = await rawReceiver(() => undefined);
    const through = new Sender({ allowTargets: ['127.0.0.1'] });
    const pending = send(url, {}, through);
    await eventually(() => connections.length === 1);
    through.close();
    expect(await pending).toMatchObject({ statusCode: null, errorCode: 'interrupted' });
    await eventually(() => connections[0]?.destroyed);
    expect(await send(url, {}, through)).toMatchObject({ statusCode: null, errorCode: 'interrupted' });
    expect(connections).toHaveLength(1);
  });
});
