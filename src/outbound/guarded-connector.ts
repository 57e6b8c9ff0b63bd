import { LRUCache } from 'lru-cache';
import {
  type BlockList,
  connect as connectTcp,
  isIP,
  type OnReadOpts,
  type Socket,
  type TcpNetConnectOpts,
} from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { addressClass, isConnectable, type AddressClass } from '../lib/ip-address.js';
import { AttemptFailure, failureOf, tlsFailure } from './attempt-outcome.js';
import { StallAwareTimer } from './stall-aware-timer.js';
import { interleaved, connectAny } from './happy-eyeballs.js';
import type { DnsResolver } from './dns-resolver.js';

/** Where to connect to. */
export interface ConnectTarget {
  hostname: string;
  port: number;
  secure: boolean;
  /** Whether it is this installation itself, by the operator's settings: its address may be private. */
  isOwn?: boolean;
  /** Whether the name is looked up although its addresses are cached. */
  skipDnsCache?: boolean;
}

/** How a connection was made; times in milliseconds. */
export interface ConnectionInfo {
  /** Null when the host is an address. */
  dns: number | null;
  connect: number;
  /** Null for plain HTTP. */
  tls: number | null;
  addressClass: AddressClass;
}

/** How to connect to an address, and who gets the bytes that are received. */
interface ConnectOptions {
  target: ConnectTarget;
  reading: OnReadOpts;
}

/** The longest time for opening a connection, milliseconds: no attempt lasts longer. */
const LIMIT_MS = 30_000;
/** After so long without a byte, milliseconds, TCP keep-alive probes are sent. */
const KEEP_ALIVE_MS = 60_000;
/**
 * Addresses tried for one name: more than names have, and few enough that Posthorn cannot be used to scan a network.
 */
const MAX_ADDRESSES = 64;
/** How long to prefer an address that worked (RFC 8305), milliseconds. */
const PREFERRED_MS = 600_000;
const MAX_PREFERRED = 10_000;
const MAX_SESSIONS = 1_000;
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Opens connections to permitted addresses only. A name is looked up once, and the socket goes to the address that was
 * checked, so DNS rebinding gains nothing. If one address of a name is not permitted, none is tried: mixed addresses
 * are how such attacks begin. The next attempt looks the name up again, since it may be a passing mistake.
 */
export class GuardedConnector {
  private readonly secureContext: SecureContext;
  private readonly sessions = new LRUCache<string, Buffer>({ max: MAX_SESSIONS });
  /** By host and port: the address that accepted a connection after another had failed. */
  private readonly preferredAddresses = new LRUCache<string, string>({
    max: MAX_PREFERRED,
    ttl: PREFERRED_MS,
  });

  constructor(
    private readonly allow: BlockList,
    private readonly resolver: DnsResolver,
    extraCa: readonly string[],
  ) {
    // One context for all connections: reading the certificates takes milliseconds.
    this.secureContext = createSecureContext(
      extraCa.length > 0 ? { ca: [...rootCertificates, ...extraCa] } : {},
    );
  }

  /**
   * Throws an AttemptFailure when no connection can be opened, or on abort. `onData` gets the received bytes, which are
   * valid only until it returns.
   */
  async open(
    target: ConnectTarget,
    signal: AbortSignal,
    onData: (bytes: Buffer) => void,
  ): Promise<{ socket: Socket; connection: ConnectionInfo }> {
    const startedAt = performance.now();
    const addresses = await unlessAborted(this.vettedAddresses(target), signal);
    const connectAt = performance.now();
    const socket = await this.connectToAny(addresses, { target, reading: readInto(onData) }, signal);
    const connectedAt = performance.now();
    const address = socket.remoteAddress;
    if (address === undefined) throw failureOf({ code: 'ECONNRESET' });
    if (!target.isOwn && !isConnectable(address, this.allow)) {
      socket.destroy();
      throw blockedAddress();
    }
    if (target.secure) await this.awaitTlsHandshake(socket, target, signal);
    const connection = {
      dns: isIP(target.hostname) === 0 ? connectAt - startedAt : null,
      connect: connectedAt - connectAt,
      tls: target.secure ? performance.now() - connectedAt : null,
      addressClass: addressClass(address),
    };
    return { socket, connection };
  }

  private async vettedAddresses({
    hostname,
    isOwn = false,
    skipDnsCache = false,
  }: ConnectTarget): Promise<string[]> {
    const isPermitted = (address: string): boolean => isOwn || isConnectable(address, this.allow);
    if (hostname === 'localhost' || hostname.endsWith('.localhost')) {
      // RFC 6761: the loopback addresses, without a lookup. Only one of the two may be permitted.
      const addresses = LOOPBACK.filter(isPermitted);
      if (addresses.length === 0) throw blockedAddress();
      return addresses;
    }
    const addresses = isIP(hostname) === 0 ? await this.resolver.resolve(hostname, skipDnsCache) : [hostname];
    const permitted = addresses.filter(isPermitted);
    if (permitted.length === 0) throw blockedAddress();
    if (permitted.length === addresses.length) return interleaved(addresses).slice(0, MAX_ADDRESSES);
    // The next attempt looks the name up again.
    this.resolver.expire(hostname);
    throw mixedAddresses();
  }

  private async connectToAny(
    addresses: string[],
    connectOptions: ConnectOptions,
    signal: AbortSignal,
  ): Promise<Socket> {
    const [first = ''] = addresses;
    if (addresses.length === 1) return this.connectTo(first, connectOptions, signal);
    const key = hostAndPort(connectOptions.target);
    const known = this.preferredAddresses.get(key);
    const isGood = known !== undefined && addresses.includes(known);
    const order = isGood ? [known, ...addresses.filter((each) => each !== known)] : addresses;
    try {
      const { won, address } = await connectAny(
        order,
        (each, given) => this.connectTo(each, connectOptions, given),
        signal,
      );
      // When the first address works, nothing is remembered: name servers that rotate addresses still spread the load.
      if (address !== order[0]) this.preferredAddresses.set(key, address);
      return won;
    } catch (error) {
      this.preferredAddresses.delete(key);
      throw error;
    }
  }

  /** Resolves when the address has accepted the connection. A TLS handshake may follow. */
  private async connectTo(
    host: string,
    connectOptions: ConnectOptions,
    signal: AbortSignal,
  ): Promise<Socket> {
    const options = { host, port: connectOptions.target.port, onread: connectOptions.reading };
    const socket = connectOptions.target.secure
      ? this.connectSecure(connectOptions.target, options)
      : connectTcp(options);
    await awaitEvent(socket, 'connect', LIMIT_MS, signal, failureOf);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    return socket;
  }

  private async awaitTlsHandshake(socket: Socket, target: ConnectTarget, signal: AbortSignal): Promise<void> {
    try {
      await awaitEvent(socket, 'secureConnect', LIMIT_MS, signal, tlsFailure);
    } catch (error) {
      this.preferredAddresses.delete(hostAndPort(target));
      throw error;
    }
  }

  private connectSecure(target: ConnectTarget, options: TcpNetConnectOpts): TLSSocket {
    const { hostname } = target;
    const key = hostAndPort(target);
    const socket = connectTls({
      ...options,
      // A name is sent to the server and must be in its certificate; without a name, the address must be.
      servername: isIP(hostname) === 0 ? hostname : '',
      secureContext: this.secureContext,
      ALPNProtocols: ['http/1.1'],
      session: this.sessions.get(key),
    });
    // A resumed session saves a round trip and the receiver's CPU. Node offers one only after the certificate was valid.
    socket.on('session', (session) => this.sessions.set(key, session));
    return socket;
  }
}

/** The buffer that all connections read into, one piece after the other: cheaper than one for each response (ADR 9). */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

function readInto(onData: (bytes: Buffer) => void): ConnectOptions['reading'] {
  const callback = (length: number): boolean => {
    onData(READ_BUFFER.subarray(0, length));
    return true;
  };
  return { buffer: READ_BUFFER, callback };
}

function awaitEvent(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  limitMs: number,
  signal: AbortSignal,
  failure: (error: unknown) => AttemptFailure,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown): void => {
      timer.clear();
      signal.removeEventListener('abort', abort);
      if (error === undefined) return resolve();
      socket.destroy();
      reject(failure(error));
    };
    const abort = (): void => finish({ code: 'ETIMEDOUT' });
    const timer = new StallAwareTimer(limitMs, abort);
    signal.addEventListener('abort', abort);
    if (signal.aborted) return abort();
    socket.once(event, () => finish());
    // Stays attached: an error without a listener would end the process.
    socket.on('error', finish);
    socket.once('close', () => finish({ code: 'ECONNRESET' }));
  });
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(failureOf({ code: 'ETIMEDOUT' }));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function hostAndPort({ hostname, port }: ConnectTarget): string {
  return `${hostname}:${port}`;
}

function mixedAddresses(): AttemptFailure {
  return new AttemptFailure(
    'mixed_addresses',
    'The host name leads both to addresses that Posthorn may open and to others that it may not, so none was tried.',
  );
}

function blockedAddress(): AttemptFailure {
  return new AttemptFailure(
    'blocked_address',
    'The endpoint leads to an address that Posthorn may not open.',
  );
}
