import type { EgressOptions } from '../../src/outbound/egress-route.js';
import type { Sender } from '../../src/outbound/sender.js';
import { proxyAt } from '../support/egress-proxies.js';
import { refusedPort, TEST_CA } from '../support/receiver.js';
import {
  httpProxy,
  nameServer,
  rawReceiver,
  receiver,
  send,
  sender,
  silentAddress,
  socksProxy,
} from '../support/sending.js';

const LOGIN = { username: 'company user', password: 'p@ss:w/örd%' };

function through(address: string, more: Partial<EgressOptions> = {}, options = {}): Sender {
  return sender({ extraCa: [TEST_CA], ...options, egress: { proxy: proxyAt(address), ...more } });
}

const KINDS = {
  http: { start: httpProxy, scheme: 'http', options: {} },
  https: { start: httpProxy, scheme: 'https', options: { secure: true } },
  socks5: { start: socksProxy, scheme: 'socks5', options: {} },
};

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('through a proxy that speaks %s', (kind) => {
  const { start, scheme, options } = KINDS[kind];

  it('sends plain and secure requests with credentials, and keeps their connections', async () => {
    const proxy = await start({ ...options, login: LOGIN });
    const login = `${encodeURIComponent(LOGIN.username)}:${encodeURIComponent(LOGIN.password)}`;
    const way = through(`${scheme}://${login}@localhost:${proxy.port}`);
    for (const certificate of [undefined, 'localhost'] as const) {
      const { port, requests } = await receiver(() => ({ body: 'x'.repeat(100_000) }), certificate);
      const url = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}/a`;
      const first = await send(url, { body: Buffer.alloc(300_000, 'b') }, way);
      expect(first).toMatchObject({ statusCode: 200, errorCode: null, addressClass: 'loopback' });
      expect(first.responseBody).toHaveLength(65_536);
      expect(first.timings.connect).toBeGreaterThan(0);
      expect(requests[0]?.body).toHaveLength(300_000);
      expect(requests[0]?.headers.host).toBe(`127.0.0.1:${port}`);
      expect(JSON.stringify(requests[0]?.headers)).not.toMatch(/proxy/i);
    }
    const small = await receiver(() => ({ body: 'ok' }));
    for (let n = 0; n < 3; n += 1) expect(await send(small.url, {}, way)).toMatchObject({ statusCode: 200 });
    expect(new Set(small.requests.map(({ remotePort }) => remotePort)).size).toBe(1);
    expect(proxy.asked).toHaveLength(3);
  });

  it('asks for the address that was checked, and checks certificates by the name', async () => {
    const proxy = await start(options);
    const names = await nameServer((name) => {
      if (name === 'inward.example') return ['10.1.2.3'];
      return name === 'mixed.example' ? ['127.0.0.1', '10.1.2.3'] : ['127.0.0.1'];
    });
    const { port } = await receiver(undefined, 'localhost');
    const way = through(`${scheme}://localhost:${proxy.port}`, {}, { nameServers: [names.address] });
    expect(await send(`https://localhost:${port}/`, {}, way)).toMatchObject({ statusCode: 200 });
    expect(await send(`https://other.example:${port}/`, {}, way)).toMatchObject({
      errorCode: 'tls_error',
      errorDetail: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') as string,
    });
    expect(await send('https://inward.example/', {}, way)).toMatchObject({ errorCode: 'blocked_address' });
    expect(await send('https://mixed.example/', {}, way)).toMatchObject({ errorCode: 'mixed_addresses' });
    expect(await send('http://169.254.169.254/', {}, way)).toMatchObject({ errorCode: 'blocked_address' });
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${port}`]));
  });

  it('says that the endpoint failed where the proxy works', async () => {
    const proxy = await start(options);
    const way = through(`${scheme}://localhost:${proxy.port}`);
    const refused = await send(`http://127.0.0.1:${await refusedPort()}/`, {}, way);
    expect(refused).toMatchObject({ statusCode: null, errorCode: 'connection_refused' });
    expect(refused.errorDetail).toContain('The egress proxy could not connect to the endpoint');
    const reset = await rawReceiver((socket) => socket.destroy());
    expect(await send(reset.url, {}, way)).toMatchObject({ errorCode: 'connection_reset' });
  });

  it('says that the proxy failed, and nothing of its address or credentials', async () => {
    const proxy = await start({ ...options, login: LOGIN });
    const { url, requests } = await receiver();
    const wrong = await send(url, {}, through(`${scheme}://secretuser:secretpass@localhost:${proxy.port}`));
    expect(wrong).toMatchObject({ statusCode: null, errorCode: 'proxy_auth_failed', repeatMs: 2_000 });
    const none = await send(url, {}, through(`${scheme}://localhost:${proxy.port}`));
    expect(none).toMatchObject({ errorCode: 'proxy_auth_failed' });
    const away = await send(
      url,
      {},
      through(`${scheme}://secretuser:secretpass@127.0.0.1:${await refusedPort()}`),
    );
    expect(away).toMatchObject({ errorCode: 'proxy_unreachable' });
    for (const { errorDetail } of [wrong, none, away]) {
      expect(errorDetail).toContain('proxy');
      expect(errorDetail).not.toMatch(/secret|127\.0|localhost|:\d/);
    }
    expect(requests).toHaveLength(0);
  });

  it('tells a rule of the proxy from a fault of it', async () => {
    const proxy = await start(options);
    proxy.refuse = () => (kind === 'socks5' ? 2 : 403);
    const { url } = await receiver();
    const outcome = await send(url, {}, through(`${scheme}://localhost:${proxy.port}`));
    expect(outcome).toMatchObject({ errorCode: 'proxy_refused' });
    expect(outcome.repeatMs).toBeUndefined();
  });
});

describe('which endpoints a proxy serves', () => {
  it('none of the no-proxy list, but those of the always-proxy list, and never our own receivers', async () => {
    const proxy = await httpProxy();
    const names = await nameServer((name) => [name.startsWith('far') ? '127.0.0.2' : '127.0.0.1']);
    const { port } = await receiver();
    const lists = {
      noProxy: ['direct.example', '.below.example', '127.0.0.2/32', `port.example:${port}`],
      alwaysProxy: ['must.direct.example'],
    };
    const options = { nameServers: [names.address], allowTargets: ['127.0.0.0/8'] };
    const isOwn = (url: string): boolean => url.includes('own.example');
    const way = through(`http://127.0.0.1:${proxy.port}`, lists, { ...options, isOwn });
    for (const host of ['direct', 'sub.direct', 'x.below', 'port', 'own'])
      expect(await send(`http://${host}.example:${port}/`, {}, way)).toMatchObject({ statusCode: 200 });
    await send(`http://far.example:${port}/`, {}, way);
    expect(proxy.asked).toHaveLength(0);
    for (const host of ['other', 'below', 'must.direct', 'indirect'])
      expect(await send(`http://${host}.example:${port}/`, {}, way)).toMatchObject({ statusCode: 200 });
    expect(proxy.asked).toHaveLength(4);
  });

  it('only those of the always-proxy list where all else is direct', async () => {
    const proxy = await httpProxy();
    const names = await nameServer(() => ['127.0.0.1']);
    const { port } = await receiver();
    const lists = { noProxy: ['*'], alwaysProxy: ['strict.example'] };
    const way = through(`http://127.0.0.1:${proxy.port}`, lists, { nameServers: [names.address] });
    await send(`http://any.example:${port}/`, {}, way);
    expect(proxy.asked).toHaveLength(0);
    await send(`http://strict.example:${port}/`, {}, way);
    expect(proxy.asked).toHaveLength(1);
  });

  it('asks by name where the proxy looks names up, and keeps out what the URL itself says', async () => {
    const proxy = await socksProxy({ connectTo: '127.0.0.1' });
    const names = await nameServer(() => null);
    const { port, requests } = await receiver();
    const options = { nameServers: [names.address], allowTargets: [] };
    const way = through(`socks5h://127.0.0.1:${proxy.port}`, {}, options);
    const outcome = await send(`http://inside.example:${port}/`, {}, way);
    expect(outcome).toMatchObject({ statusCode: 200, addressClass: null });
    expect(proxy.asked).toEqual([`inside.example:${port}`]);
    expect(names.questions).toEqual([]);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254'])
      expect(await send(`http://${host}:${port}/`, {}, way)).toMatchObject({ errorCode: 'blocked_address' });
    expect(requests).toHaveLength(1);
  });

  it('tries the next address of a name that the proxy cannot reach, and remembers it', async () => {
    const proxy = await httpProxy();
    proxy.refuse = (target) => (target.startsWith('[') ? 503 : undefined);
    const names = await nameServer((_, family) => [family === 4 ? '127.0.0.1' : '::1']);
    const { port } = await receiver(() => ({ headers: { connection: 'close' } }));
    const options = { nameServers: [names.address], allowTargets: ['127.0.0.1/32', '::1/128'] };
    const way = through(`http://127.0.0.1:${proxy.port}`, {}, options);
    for (let n = 0; n < 2; n += 1)
      expect(await send(`http://two.example:${port}/`, {}, way)).toMatchObject({ statusCode: 200 });
    expect(proxy.asked).toEqual([`[::1]:${port}`, `127.0.0.1:${port}`, `127.0.0.1:${port}`]);
  });
});

describe('a proxy that does not behave', () => {
  const way = (port: number, scheme = 'http'): Sender => through(`${scheme}://127.0.0.1:${port}`);
  const target = 'http://127.0.0.1:9/';

  it('never answers: its fault, unless it answers others', async () => {
    const silent = await rawReceiver(() => undefined);
    for (const scheme of ['http', 'socks5']) {
      const outcome = await send(target, { timeoutMs: 500 }, way(silent.port, scheme));
      expect(outcome).toMatchObject({ errorCode: 'proxy_unreachable' });
      expect(outcome.timings.total).toBeLessThan(5_000);
    }
  });

  it('answers others while the endpoint is silent: a timeout of the endpoint', async () => {
    const endpoint = await silentAddress();
    for (const start of [httpProxy, socksProxy]) {
      const proxy = await start();
      const scheme = start === httpProxy ? 'http' : 'socks5';
      const through_ = through(`${scheme}://127.0.0.1:${proxy.port}`, {}, { allowTargets: ['0.0.0.0/0'] });
      const outcome = await send(`http://${endpoint}/`, { timeoutMs: 3_000 }, through_);
      expect(outcome).toMatchObject({ errorCode: 'timeout' });
      expect(outcome.errorDetail).toContain('responds to others');
    }
  });

  it('cannot be connected to', async () => {
    const outcome = await send(target, { timeoutMs: 500 }, through(`http://${await silentAddress()}`));
    expect(outcome).toMatchObject({ errorCode: 'proxy_unreachable' });
    const unknown = await send(target, {}, through('http://no-such-proxy.invalid:8080'));
    expect(unknown).toMatchObject({ errorCode: 'proxy_unreachable' });
    expect(unknown.errorDetail).not.toContain('no-such-proxy');
  });

  it('cannot be trusted', async () => {
    const proxy = await httpProxy({ secure: true });
    const outcome = await send(target, {}, through(`https://localhost:${proxy.port}`, {}, { extraCa: [] }));
    expect(outcome).toMatchObject({ errorCode: 'proxy_unreachable' });
    expect(outcome.errorDetail).toContain('POSTHORN_EGRESS_CA_FILE');
  });

  it.each([
    ['closes at once', '', 'proxy_unreachable'],
    ['closes in the middle', 'HTTP/1.1 200 OK\r\nx-half: ', 'proxy_unreachable'],
    ['is no HTTP server', 'SSH-2.0-OpenSSH_9.2\r\n', 'proxy_error'],
    ['answers a status that is none', 'HTTP/1.1 banana\r\n\r\n', 'proxy_error'],
    ['answers an interim status', 'HTTP/1.1 100 Continue\r\n\r\n', 'proxy_error'],
    ['has endless headers', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`, 'proxy_error'],
    ['redirects', 'HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\n\r\n', 'proxy_refused'],
    ['says that the endpoint is slow', 'HTTP/1.0 504 Gateway Timeout\r\n\r\n', 'timeout'],
    ['opens a tunnel to garbage', 'HTTP/1.1 200 OK\r\n\r\ngarbage\r\n', 'protocol_error'],
  ])('%s', async (_, answer, errorCode) => {
    const proxy = await rawReceiver((socket) => void socket.end(answer));
    const outcome = await send(target, {}, way(proxy.port));
    expect(outcome).toMatchObject({ statusCode: null, errorCode });
    expect(outcome.errorDetail).not.toMatch(/aaa|garbage|OpenSSH|banana/);
  });

  it.each([
    ['is no SOCKS server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'proxy_error'],
    ['accepts none of the configured', Buffer.from([5, 0xff]), 'proxy_auth_failed'],
    ['closes after the greeting', Buffer.from([5, 0]), 'proxy_unreachable'],
    ['speaks SOCKS4 next', Buffer.from([5, 0, 4, 0, 0, 1]), 'proxy_error'],
    ['refuses without an address', Buffer.from([5, 0, 5, 5]), 'connection_refused'],
    ['answers an unknown kind of address', Buffer.from([5, 0, 5, 0, 0, 9, 0, 0]), 'proxy_error'],
    ['says that the time was up', Buffer.from([5, 0, 5, 6, 0, 1, 0, 0, 0, 0, 0, 0]), 'timeout'],
  ])('%s', async (_, answer, errorCode) => {
    const proxy = await rawReceiver((socket) => void socket.end(answer));
    expect(await send(target, {}, way(proxy.port, 'socks5'))).toMatchObject({ errorCode });
  });

  it('answers byte by byte', async () => {
    const answer = 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n';
    const proxy = await rawReceiver((socket) => {
      const bytes = [...answer];
      const next = (): void => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(byte, () => setImmediate(next));
      };
      if (socket.bytesWritten === 0) next();
    });
    expect(await send(target, {}, way(proxy.port))).toMatchObject({ statusCode: 204 });
  });

  it('drips forever: the attempt ends with its time', async () => {
    const timers: NodeJS.Timeout[] = [];
    const proxy = await rawReceiver((socket) => {
      if (socket.bytesWritten > 0) return;
      socket.write('HTTP/1.1 200 OK\r\n');
      timers.push(setInterval(() => socket.write('x'), 20));
    });
    const outcome = await send(target, { timeoutMs: 500 }, way(proxy.port));
    for (const timer of timers) clearInterval(timer);
    expect(outcome).toMatchObject({ errorCode: 'proxy_unreachable' });
    expect(outcome.timings.total).toBeLessThan(5_000);
  });
});
