import { type BlockList, isIP, type OnReadOpts, type Socket } from 'node:net';
import { addressClass, isConnectable, type AddressClass } from '../lib/ip-address.js';
import type { ClientCertificate } from '../core/client-certificate.js';
import { isProxyFault } from '../core/own-fault.js';
import { AttemptFailure, failureOf, tlsFailure } from './attempt-outcome.js';
import { lookupTimeout, type DnsResolver } from './dns-resolver.js';
import { EgressRoute, type EgressOptions } from './egress-route.js';
import { connectAny, staggerMs } from './happy-eyeballs.js';
import { ProxyClient, type OpeningProgress } from './proxy-client.js';
import { ProxyReach } from './proxy-reach.js';
import { awaitConnect, awaitEvent, connectPlain, LIMIT_MS, SourceAddresses } from './tcp-client.js';
import { endOfCertificate, TlsClient, type TlsOptions } from './tls-client.js';
import {
  blockedAddress,
  isLocalhost,
  LOOPBACK,
  type LookupTarget,
  VettedAddresses,
} from './vetted-addresses.js';
import { Lru } from '../lib/lru.js';

/** Where to connect to. */
export interface ConnectTarget extends LookupTarget {
  port: number;
  secure: boolean;
  /** What proves to it who connects. */
  clientCertificate?: ClientCertificate | null;
  /** How long the whole attempt may take, milliseconds. */
  limitMs?: number;
}

/** How a connection was made; times in milliseconds. */
export interface ConnectionInfo {
  /** Null when the host is an address. */
  dns: number | null;
  connect: number;
  /** Null for plain HTTP. */
  tls: number | null;
  /** Null when the egress proxy has looked the name up. */
  addressClass: AddressClass | null;
  /** For nobody outside of `outbound`. Null as above. */
  address: string | null;
  /** Until when the endpoint's certificate is valid, epoch milliseconds; null for plain HTTP. */
  certificateUntil: number | null;
}

/** How connections leave this machine. */
export interface ConnectorOptions extends TlsOptions {
  /** Addresses of this machine to leave from. */
  sourceAddresses?: readonly string[];
  /** A proxy to leave through. */
  egress?: EgressOptions;
  /** What is known of the way out that the proxy has. */
  reach?: ProxyReach;
}

/** Who gets the bytes that are received. */
type Reader = (bytes: Buffer) => void;

/** How long to prefer an address that worked (RFC 8305), milliseconds. */
const PREFERRED_MS = 600_000;
const MAX_PREFERRED = 10_000;
/** The same through a proxy, which is asked for each. */
const MAX_PROXIED_ADDRESSES = 4;

/**
 * Opens connections to permitted addresses only. A name is looked up once, and the socket goes to the address that was
 * checked, so DNS rebinding gains nothing. If one address of a name is not permitted, none is tried: mixed addresses
 * are how such attacks begin. The next attempt looks the name up again, since it may be a passing mistake.
 */
export class GuardedConnector {
  private readonly addresses: VettedAddresses;
  private readonly sources: SourceAddresses;
  private readonly tls: TlsClient;
  private readonly egress: { route: EgressRoute; client: ProxyClient } | null;
  /** By host and port: the address that accepted a connection after another had failed. */
  private readonly preferredAddresses = new Lru<string>(MAX_PREFERRED, { ttl: PREFERRED_MS });

  constructor(
    private readonly allow: BlockList,
    resolver: DnsResolver,
    { sourceAddresses = [], egress, reach = new ProxyReach(), ...tlsOptions }: ConnectorOptions,
  ) {
    this.addresses = new VettedAddresses(allow, resolver);
    this.sources = new SourceAddresses(sourceAddresses);
    this.tls = new TlsClient(tlsOptions);
    this.egress = egress
      ? {
          route: new EgressRoute(egress),
          client: new ProxyClient(egress.proxy, this.sources, this.tls, reach),
        }
      : null;
  }

  /**
   * Throws an AttemptFailure when no connection can be opened, or on abort. `onData` gets the received bytes, which are
   * valid only until it returns.
   */
  async open(
    target: ConnectTarget,
    signal: AbortSignal,
    onData: Reader,
    progress: OpeningProgress = { explain: null },
  ): Promise<{ socket: Socket; connection: ConnectionInfo }> {
    const startedAt = performance.now();
    const client = this.proxyFor(target, []);
    if (client?.proxy.resolvesNames && isIP(target.hostname) === 0) {
      checkNameForProxy(target, this.allow);
      const socket = await client.open(target.hostname, target, signal, progress);
      return this.finish(socket, target, signal, onData, progress, { dnsMs: null, startedAt, address: null });
    }
    progress.explain = () => lookupTimeout();
    const addresses = await this.addresses.of(target, signal);
    progress.explain = null;
    const dnsMs = isIP(target.hostname) === 0 ? performance.now() - startedAt : null;
    const openAt = (some: string[]) => this.openAt(some, target, signal, onData, progress, dnsMs);
    try {
      return await openAt(addresses);
    } catch (error) {
      const others = isProxyFault(failureOf(error).errorCode)
        ? []
        : await this.addresses.since(target, addresses, signal);
      if (others.length === 0) throw error;
      return openAt(others);
    }
  }

  /** Whether the host has other addresses now than this one. */
  hasMoved(target: ConnectTarget, address: string): Promise<boolean> {
    return this.addresses.haveChanged(target.hostname, address);
  }

  private async openAt(
    addresses: string[],
    target: ConnectTarget,
    signal: AbortSignal,
    onData: Reader,
    progress: OpeningProgress,
    dnsMs: number | null,
  ): Promise<{ socket: Socket; connection: ConnectionInfo }> {
    const startedAt = performance.now();
    const proxy = this.proxyFor(target, addresses);
    if (proxy === null) return this.openDirectly(target, addresses, signal, onData, dnsMs);
    const { won, address } = await this.openTunnel(proxy, target, addresses, signal, progress);
    return this.finish(won, target, signal, onData, progress, { dnsMs, startedAt, address });
  }

  /** Stops what the proxy is asked for. */
  close(): void {
    this.egress?.client.close();
  }

  /** Null: the target is connected to directly. */
  private proxyFor(target: ConnectTarget, addresses: readonly string[]): ProxyClient | null {
    const { egress } = this;
    if (egress === null || target.isOwn) return null;
    return egress.route.usesProxy(target.hostname, target.port, addresses) ? egress.client : null;
  }

  private async openDirectly(
    target: ConnectTarget,
    addresses: string[],
    signal: AbortSignal,
    onData: Reader,
    dnsMs: number | null,
  ): Promise<{ socket: Socket; connection: ConnectionInfo }> {
    const connectAt = performance.now();
    const reading = readInto(onData);
    const { won: socket } = await this.connectToAny(
      this.sources.usable(addresses),
      target,
      (address, given) => this.connectTo(address, target, reading, given),
      signal,
    );
    const connectedAt = performance.now();
    const address = socket.remoteAddress;
    if (address === undefined) throw failureOf({ code: 'ECONNRESET' });
    if (!target.isOwn && !isConnectable(address, this.allow)) {
      socket.destroy();
      throw blockedAddress();
    }
    if (target.secure) await this.awaitTlsHandshake(socket, target, signal);
    const connection = {
      dns: dnsMs,
      connect: connectedAt - connectAt,
      tls: target.secure ? performance.now() - connectedAt : null,
      addressClass: addressClass(address),
      address,
      certificateUntil: target.secure ? endOfCertificate(socket) : null,
    };
    return { socket, connection };
  }

  /** The proxy is asked for the addresses that were checked: its own lookup might find others. */
  private async openTunnel(
    proxy: ProxyClient,
    target: ConnectTarget,
    addresses: string[],
    signal: AbortSignal,
    progress: OpeningProgress,
  ): Promise<{ won: Socket; address: string }> {
    // A fault of the proxy itself would be the same for each address.
    const stop = new AbortController();
    const faults: AttemptFailure[] = [];
    const open = async (address: string, given: AbortSignal): Promise<Socket> => {
      try {
        return await proxy.open(address, target, given, progress);
      } catch (error) {
        const failure = failureOf(error);
        if (isProxyFault(failure.errorCode) && !given.aborted) {
          faults.push(failure);
          stop.abort();
        }
        throw failure;
      }
    };
    try {
      const some = addresses.slice(0, MAX_PROXIED_ADDRESSES);
      return await this.connectToAny(some, target, open, AbortSignal.any([signal, stop.signal]));
    } catch (error) {
      throw faults[0] ?? error;
    }
  }

  /** The proxy's tunnel is open: makes it secure, and reads from it. */
  private async finish(
    tunnel: Socket,
    target: ConnectTarget,
    signal: AbortSignal,
    onData: Reader,
    progress: OpeningProgress,
    { dnsMs, startedAt, address }: { dnsMs: number | null; startedAt: number; address: string | null },
  ): Promise<{ socket: Socket; connection: ConnectionInfo }> {
    progress.explain = null;
    const connectedAt = performance.now();
    let socket = tunnel;
    if (target.secure) {
      socket = this.tls.connect(target, { socket: tunnel });
      await this.awaitTlsHandshake(socket, target, signal);
    }
    // A socket that is open already takes no `onread`.
    socket.on('data', onData).resume();
    const connection = {
      dns: dnsMs,
      connect: connectedAt - startedAt,
      tls: target.secure ? performance.now() - connectedAt : null,
      addressClass: address === null ? null : addressClass(address),
      address,
      certificateUntil: target.secure ? endOfCertificate(socket) : null,
    };
    return { socket, connection };
  }

  private async connectToAny(
    addresses: string[],
    target: ConnectTarget,
    open: (address: string, signal: AbortSignal) => Promise<Socket>,
    signal: AbortSignal,
  ): Promise<{ won: Socket; address: string }> {
    const [first = ''] = addresses;
    if (addresses.length === 1) return { won: await open(first, signal), address: first };
    const key = hostAndPort(target);
    const known = this.preferredAddresses.get(key);
    const isGood = known !== undefined && addresses.includes(known);
    const order = isGood ? [known, ...addresses.filter((each) => each !== known)] : addresses;
    try {
      const { won, address } = await connectAny(
        order,
        open,
        signal,
        staggerMs(order.length, target.limitMs ?? Infinity),
      );
      // When the first address works, nothing is remembered: name servers that rotate addresses still spread the load.
      if (address !== order[0]) this.preferredAddresses.set(key, address);
      return { won, address };
    } catch (error) {
      this.preferredAddresses.delete(key);
      throw error;
    }
  }

  /** Resolves when the address has accepted the connection. A TLS handshake may follow. */
  private async connectTo(
    host: string,
    target: ConnectTarget,
    reading: OnReadOpts,
    signal: AbortSignal,
  ): Promise<Socket> {
    const options = { ...this.sources.optionsFor(host, target.port), onread: reading };
    if (!target.secure) return connectPlain(options, signal);
    const socket = this.tls.connect(target, options);
    await awaitConnect(socket, signal);
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
}

/** The buffer that all connections read into, one piece after the other: cheaper than one for each response (ADR 9). */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

function readInto(onData: Reader): OnReadOpts {
  const callback = (length: number): boolean => {
    onData(READ_BUFFER.subarray(0, length));
    return true;
  };
  return { buffer: READ_BUFFER, callback };
}

/** The proxy looks the name up, so only what the name itself says can be checked here. */
function checkNameForProxy({ hostname }: ConnectTarget, allow: BlockList): void {
  if (!isLocalhost(hostname) || LOOPBACK.some((address) => isConnectable(address, allow))) return;
  throw blockedAddress();
}

function hostAndPort({ hostname, port }: ConnectTarget): string {
  return `${hostname}:${port}`;
}
