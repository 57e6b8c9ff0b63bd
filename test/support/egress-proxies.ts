import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { parseEgressProxy, type EgressProxy } from '../../src/core/egress-proxy.js';
import { pair } from './receiver.js';

export interface EgressProxyServer {
  port: number;
  /** The targets asked for, in order: `host:port`. */
  asked: string[];
  /** Its open connections. */
  connections: Set<Socket>;
  /** Whether it refuses what it is asked for; undefined: it does not. */
  refuse: (target: string) => number | undefined;
  /** Ends all connections and listens no more. */
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Refuses without these credentials. */
  login?: { username: string; password: string };
  /** Speaks TLS with a certificate for `localhost`. */
  secure?: boolean;
  port?: number;
  /** Connects to this host whatever it is asked for, as for names that only the proxy knows. */
  connectTo?: string;
}

/** A proxy's address as the setting has it. */
export function proxyAt(address: string): EgressProxy {
  const proxy = parseEgressProxy(address);
  if (proxy === null) throw new Error(`No proxy: ${address}`);
  return proxy;
}

/** A real HTTP proxy on 127.0.0.1 that knows CONNECT. `refuse` gives the status of a refusal. */
export async function startHttpProxy(options: ProxyOptions = {}): Promise<EgressProxyServer> {
  const { login, secure = false } = options;
  const server = secure ? createHttpsServer(pair('localhost')) : createHttpServer();
  const proxy = proxyOf(server);
  server.on('connect', (request, socket: Socket) => {
    const wanted = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
    const target = request.url ?? '';
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    proxy.asked.push(target);
    const status = proxy.refuse(target);
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const { hostname, port } = new URL(`http://${target}`);
    const onward = join(
      proxy,
      socket,
      options.connectTo ?? hostname.replace(/^\[|\]$/g, ''),
      Number(port || 80),
    );
    onward.once('connect', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    onward.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  return listening(proxy, server, options.port);
}

/** A real SOCKS5 proxy on 127.0.0.1. `refuse` gives the reply of a refusal. */
export async function startSocksProxy(options: ProxyOptions = {}): Promise<EgressProxyServer> {
  const server = createTcpServer(
    (socket) => void serveSocks(proxy, socket, options).catch(() => socket.destroy()),
  );
  const proxy = proxyOf(server);
  return listening(proxy, server, options.port);
}

async function serveSocks(
  proxy: EgressProxyServer,
  socket: Socket,
  { login, connectTo }: ProxyOptions,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  const take = reader(socket);
  const [, count = 0] = await take(2);
  const methods = [...(await take(count))];
  const method = login ? 2 : 0;
  if (!methods.includes(method)) return void socket.end(Buffer.from([5, 0xff]));
  socket.write(Buffer.from([5, method]));
  if (login) {
    const [, length = 0] = await take(2);
    const username = (await take(length)).toString();
    const password = (await take((await take(1))[0] ?? 0)).toString();
    const isRight = username === login.username && password === login.password;
    socket.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return void socket.end();
  }
  const [, , , kind] = await take(4);
  const host = await readHost(take, kind ?? 0);
  const port = (await take(2)).readUInt16BE();
  proxy.asked.push(`${host}:${port}`);
  const reply = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
  const refused = proxy.refuse(`${host}:${port}`);
  if (refused !== undefined) return void socket.end(reply(refused));
  const onward = join(proxy, socket, connectTo ?? host, port);
  onward.once('connect', () => socket.write(reply(0)));
  onward.once('error', () => socket.end(reply(5)));
}

async function readHost(take: (count: number) => Promise<Buffer>, kind: number): Promise<string> {
  if (kind === 1) return [...(await take(4))].join('.');
  if (kind === 3) return (await take((await take(1))[0] ?? 0)).toString();
  const bytes = await take(16);
  return Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(n * 2).toString(16)).join(':');
}

/** Reads an exact number of bytes at a time. */
function reader(socket: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    if (count === 0) return Buffer.alloc(0);
    for (;;) {
      const bytes = socket.read(count) as Buffer | null;
      if (bytes !== null) return bytes;
      await once(socket, 'readable');
    }
  };
}

/** Connects onward and passes on what comes from both sides. */
function join(proxy: EgressProxyServer, socket: Socket, host: string, port: number): Socket {
  const onward = connect({ host, port });
  proxy.connections.add(onward);
  onward.once('connect', () => socket.pipe(onward).pipe(socket));
  onward.on('error', () => undefined).on('close', () => proxy.connections.delete(onward));
  socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
  onward.on('close', () => socket.end());
  return onward;
}

function proxyOf(server: Server): EgressProxyServer {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  return {
    port: 0,
    asked: [],
    connections,
    refuse: () => undefined,
    async close() {
      if (!server.listening) return;
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listening(proxy: EgressProxyServer, server: Server, port = 0): Promise<EgressProxyServer> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}
